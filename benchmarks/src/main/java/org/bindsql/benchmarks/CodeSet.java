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

  /** Distribution of the rows. */
  enum Kind {
    /** Every bit is 1 with probability one half. */
    UNIFORM,
    /**
     * 1,000 random centres; each row flips every bit of one with a probability between 0.02 and
     * 0.30, drawn per row; a tenth of the rows is uniform.
     */
    CLUSTERED
  }

  private static final int CENTRES = 1000;

  CodeSet(int rows) {
    this(rows, Kind.UNIFORM);
  }

  CodeSet(int rows, Kind kind) {
    this.rows = rows;
    this.codes = arena.allocate((long) rows * WIDTH, 64);
    this.query = arena.allocate(4 * WIDTH, 64); // four, for the tile
    SplittableRandom random = new SplittableRandom(SEED);
    fill(codes, random);
    fill(query, random);
    if (kind == Kind.CLUSTERED) {
      MemorySegment centres = arena.allocate((long) CENTRES * WIDTH, 64);
      fill(centres, random);
      for (int row = 0; row < rows; row++) {
        if (random.nextInt(10) > 0) {
          long centre = (long) random.nextInt(CENTRES) * WIDTH;
          MemorySegment.copy(centres, centre, codes, (long) row * WIDTH, WIDTH);
          flip(codes, (long) row * WIDTH, random.nextDouble(0.02, 0.30), random);
        }
      }
    }
    near(0.05, 0);
  }

  /**
   * Makes the first query a row of which every bit is flipped with the given probability, at least
   * one half for a random query.
   *
   * @param number number of the query
   */
  void near(double share, int number) {
    SplittableRandom random = new SplittableRandom(SEED + 7 + number);
    MemorySegment.copy(codes, (long) random.nextInt(rows) * WIDTH, query, 0, WIDTH);
    flip(query, 0, share, random);
  }

  private static void flip(MemorySegment codes, long at, double share, SplittableRandom random) {
    int of256 = (int) Math.round(share * 256);
    for (long i = at; i < at + WIDTH; i += Long.BYTES) {
      long mask = 0; // each bit is 1 with probability of256 / 256: its binary digits, last first
      for (int digit = 0; digit < 8; digit++) {
        long half = random.nextLong();
        mask = (of256 >>> digit & 1) == 1 ? mask | half : mask & half;
      }
      codes.set(ValueLayout.JAVA_LONG, i, codes.get(ValueLayout.JAVA_LONG, i) ^ mask);
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
