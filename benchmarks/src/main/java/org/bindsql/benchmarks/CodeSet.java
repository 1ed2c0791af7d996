package org.bindsql.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bindsql.cascade.BlockFilter;
import org.bindsql.cascade.BlockMask;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.CascadeWorker;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.HdrCascade;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/**
 * Seeded uniform random fingerprints of 2,048 bytes in malloc'd memory, and a query near one of
 * them; {@link #close} frees them.
 */
final class CodeSet implements AutoCloseable {
  static final int WIDTH = 2048;
  static final int K = 10;

  /** The cascade's own point of change between gathering and masking. */
  static final double GATHER_BELOW = HdrCascade.GATHER_BELOW;

  private static final int BLOCK_ROWS = 8192;
  private static final long SEED = 20261120;

  final int rows;
  final MemorySegment codes;
  final MemorySegment query;
  private final Arena arena = Arena.ofShared();

  CodeSet(int rows) {
    this.rows = rows;
    this.codes = arena.allocate((long) rows * WIDTH, 64);
    this.query = arena.allocate(4 * WIDTH, 64); // four, for the tile
    SplittableRandom random = new SplittableRandom(SEED);
    fill(codes, random);
    fill(query, random);
    // The first query is a row with 5 % of its bits changed.
    MemorySegment.copy(codes, (long) (rows / 2) * WIDTH, query, 0, WIDTH);
    for (int i = 0; i < WIDTH * 8 / 20; i++) {
      int bit = random.nextInt(WIDTH * 8);
      byte old = query.get(ValueLayout.JAVA_BYTE, bit >> 3);
      query.set(ValueLayout.JAVA_BYTE, bit >> 3, (byte) (old ^ 1 << (bit & 7)));
    }
  }

  private static void fill(MemorySegment segment, SplittableRandom random) {
    for (long at = 0; at < segment.byteSize(); at += Long.BYTES) {
      segment.set(ValueLayout.JAVA_LONG, at, random.nextLong());
    }
  }

  Arena arena() {
    return arena;
  }

  /** Rows that a filter of the given selectivity lets pass, ascending; at least one. */
  int[] passing(double percent) {
    SplittableRandom random = new SplittableRandom(SEED + 1);
    int[] positions = new int[rows];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (random.nextDouble() * 100 < percent || (count == 0 && i == rows - 1)) {
        positions[count++] = i;
      }
    }
    return Arrays.copyOf(positions, count);
  }

  /** The table as blocks whose active rows are those given. */
  List<CodeBlock> blocks(int[] passing) {
    List<CodeBlock> blocks = new ArrayList<>();
    int next = 0;
    for (int from = 0; from < rows; from += BLOCK_ROWS) {
      int count = Math.min(BLOCK_ROWS, rows - from);
      int[] positions = new int[count];
      int active = 0;
      while (next < passing.length && passing[next] < from + count) {
        positions[active++] = passing[next++] - from;
      }
      Selection selection =
          active == count ? Selection.range(0, count) : Selection.list(positions, active);
      blocks.add(
          new CodeBlock(
              Codes.rowMajor(
                  codes.asSlice((long) from * WIDTH, (long) count * WIDTH), WIDTH, count),
              Batch.of(List.of(), count).withSelection(selection),
              null,
              from,
              null));
    }
    return blocks;
  }

  /** The ten nearest of the blocks' active rows, by the cascade on one thread. */
  CascadeResult top(List<CodeBlock> blocks, double gatherBelow) {
    CascadeRequest request =
        new CascadeRequest(
            query.asSlice(0, WIDTH),
            BlockMask.ALL,
            K,
            CascadeRequest.NO_RADIUS,
            NullRows.LAST,
            1.0);
    HdrCascade cascade = new HdrCascade(request, HammingKernel.get(), gatherBelow);
    CascadeWorker worker = cascade.worker();
    for (CodeBlock block : blocks) {
      worker.search(block, BlockFilter.NONE);
    }
    return cascade.merge(List.of(worker));
  }

  @Override
  public void close() {
    arena.close();
  }
}
