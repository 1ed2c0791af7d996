package org.bindsql.benchmarks.growth;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.benchmarks.CScan;

/**
 * Seeded rows of any width that is a multiple of 8 bytes, in memory: 1,000 random centres; each row
 * flips every bit of one with a probability between 0.02 and 0.30, drawn per row; every tenth is
 * uniform.
 */
record ClusteredRows(MemorySegment codes, int width, int rows) {
  private static final long SEED = 20261120;
  private static final int CENTRES = 1000;
  private static final int HUGE_PAGE = 2 << 20;

  /** Digits of the probabilities. */
  private static final int DIGITS = 10;

  static ClusteredRows make(Arena arena, CScan scan, int width, int rows) {
    MemorySegment codes = arena.allocate((long) rows * width, HUGE_PAGE);
    scan.advise(codes);
    IntStream.range(0, rows).parallel().forEach(row -> row(width, row, codes, (long) row * width));
    return new ClusteredRows(codes, width, rows);
  }

  private static void row(int width, int row, MemorySegment to, long at) {
    SplittableRandom random = new SplittableRandom(SEED + row);
    if (random.nextInt(10) == 0) {
      for (int i = 0; i < width; i += Long.BYTES) {
        to.set(ValueLayout.JAVA_LONG, at + i, random.nextLong());
      }
      return;
    }
    SplittableRandom centre = new SplittableRandom(-1 - random.nextInt(CENTRES));
    int share = (int) Math.round(random.nextDouble(0.02, 0.30) * (1 << DIGITS));
    for (int i = 0; i < width; i += Long.BYTES) {
      to.set(ValueLayout.JAVA_LONG, at + i, centre.nextLong() ^ flips(share, random));
    }
  }

  /** A word whose bits are each 1 with a probability of {@code share} / 2^DIGITS. */
  private static long flips(int share, SplittableRandom random) {
    long flips = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      long noise = random.nextLong();
      flips = (share >> digit & 1) == 1 ? flips | noise : flips & noise;
    }
    return flips;
  }

  /** Near queries: members of every table of that width with 5 % of their bits changed. */
  static MemorySegment queries(Arena arena, int width, int count) {
    MemorySegment queries = arena.allocate((long) count * width, 64);
    SplittableRandom random = new SplittableRandom(SEED - 1);
    for (int i = 0; i < count; i++) {
      row(width, random.nextInt(100_000), queries, (long) i * width);
      for (long at = (long) i * width; at < (long) (i + 1) * width; at += Long.BYTES) {
        long word = queries.get(ValueLayout.JAVA_LONG, at);
        queries.set(ValueLayout.JAVA_LONG, at, word ^ flips((1 << DIGITS) / 20, random));
      }
    }
    return queries;
  }

  static byte[] query(MemorySegment queries, int width, int index) {
    return queries.asSlice((long) index * width, width).toArray(ValueLayout.JAVA_BYTE);
  }

  /** The rows (id INTEGER, fp BINARY(width)) in Arrow batches. */
  Reader reader(BufferAllocator allocator) {
    return new Reader(allocator);
  }

  /** Reads all rows once. */
  final class Reader extends ArrowReader {
    private static final int BATCH_ROWS = 8192;

    private int next;

    private Reader(BufferAllocator allocator) {
      super(allocator);
    }

    @Override
    public boolean loadNextBatch() throws java.io.IOException {
      prepareLoadNextBatch();
      int count = Math.min(BATCH_ROWS, rows - next);
      IntVector id = (IntVector) getVectorSchemaRoot().getVector(0);
      FixedSizeBinaryVector code = (FixedSizeBinaryVector) getVectorSchemaRoot().getVector(1);
      id.allocateNew(count);
      code.allocateNew(count);
      for (int i = 0; i < count; i++) {
        id.set(i, next + i);
        code.setIndexDefined(i);
      }
      long bytes = (long) count * width;
      MemorySegment.ofAddress(code.getDataBufferAddress())
          .reinterpret(bytes)
          .copyFrom(codes.asSlice((long) next * width, bytes));
      getVectorSchemaRoot().setRowCount(count);
      next += count;
      return count > 0;
    }

    @Override
    public long bytesRead() {
      return 0;
    }

    @Override
    protected void closeReadSource() {}

    @Override
    protected Schema readSchema() {
      return new Schema(
          List.of(
              Field.notNullable("id", new ArrowType.Int(32, true)),
              Field.notNullable("fp", new ArrowType.FixedSizeBinary(width))));
    }
  }
}
