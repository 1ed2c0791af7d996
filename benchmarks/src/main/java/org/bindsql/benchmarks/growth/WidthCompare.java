package org.bindsql.benchmarks.growth;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bindsql.benchmarks.CScan;
import org.bindsql.benchmarks.Turns;
import org.bindsql.cascade.BlockMask;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.HdrCascade;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.cascade.ResidentSearch;
import org.bindsql.cascade.Segment;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;

/**
 * Top k of resident columns of several widths beside the C scan of the same rows, by turns: what
 * {@link Growth} measures, without SQL and Lance. Prints a table.
 *
 * <p>Arguments: rows, k, percent of the rows that pass a filter, milliseconds per width, widths.
 * {@code -Dgather=1} gathers the wanted rows, {@code -Dgather=0} reads all; {@code -Dcounters=true}
 * prints what a search did.
 */
public final class WidthCompare {
  private static final int QUERIES = 20;

  private WidthCompare() {}

  /** Runs the comparison. */
  public static void main(String[] args) throws Exception {
    int rows = Integer.parseInt(args[0]);
    int k = Integer.parseInt(args[1]);
    double percent = Double.parseDouble(args[2]);
    long nanos = Long.parseLong(args[3]) * 1_000_000;
    CScan scan = CScan.compile().orElseThrow(() -> new IllegalStateException("no gcc"));
    System.out.printf(Locale.ROOT, "%,d rows, k = %d, %s %% wanted; medians%n%n", rows, k, args[2]);
    System.out.println("| bytes | C ms | ms | / C |\n|---|---|---|---|");
    for (int i = 4; i < args.length; i++) {
      measure(scan, Integer.parseInt(args[i]), rows, k, percent, nanos);
    }
  }

  private static void measure(CScan scan, int width, int rows, int k, double percent, long nanos)
      throws Exception {
    try (Arena arena = Arena.ofShared()) {
      ClusteredRows data = ClusteredRows.make(arena, scan, width, rows);
      MemorySegment queries = ClusteredRows.queries(arena, width, QUERIES);
      SplittableRandom random = new SplittableRandom(1);
      int[] wanted =
          IntStream.range(0, rows).filter(i -> random.nextDouble() * 100 < percent).toArray();
      MemorySegment positions = arena.allocateFrom(ValueLayout.JAVA_INT, wanted);
      ResidentColumn column = column(arena, scan, data, wanted);
      double gatherBelow = Double.parseDouble(System.getProperty("gather", "-1"));
      int[] turn = new int[2];
      Turns turns =
          Turns.measure(
              () -> {
                MemorySegment query = query(queries, width, turn[0]++);
                ResidentSearch search =
                    new ResidentSearch(
                        new CascadeRequest(
                            query, BlockMask.ALL, k, CascadeRequest.NO_RADIUS, NullRows.LAST, 1.0),
                        HammingKernel.get(),
                        column,
                        column.segments(),
                        gatherBelow < 0 ? HdrCascade.GATHER_BELOW : gatherBelow);
                long sum = sum(search.run(1, () -> {}));
                if (turn[0] == 100 && Boolean.getBoolean("counters")) {
                  System.out.println(search.counters(rows).values());
                }
                return sum;
              },
              () -> {
                MemorySegment query = query(queries, width, turn[1]++);
                return sum(
                    wanted.length == rows
                        ? scan.top(query, data.codes(), width, MemorySegment.NULL, k)
                        : scan.topOf(query, data.codes(), width, positions, wanted.length, k));
              },
              nanos,
              1);
      System.out.printf(
          Locale.ROOT,
          "| %,d | %.3f | %.3f | **%.2f** |%n",
          width,
          turns.second(),
          turns.first(),
          turns.ratio());
    }
  }

  private static MemorySegment query(MemorySegment queries, int width, int turn) {
    return queries.asSlice((long) (turn % QUERIES) * width, width);
  }

  private static long sum(CascadeResult result) {
    return Arrays.stream(result.distances()).sum() + 31 * Arrays.stream(result.rowKeys()).sum();
  }

  /** The wanted rows, in segments. */
  private static ResidentColumn column(Arena arena, CScan scan, ClusteredRows data, int[] wanted) {
    List<ResidentColumn.Rows> segments = new ArrayList<>();
    int width = data.width();
    int next = 0;
    for (int from = 0; from < data.rows(); from += Segment.MAX_ROWS) {
      int count = Math.min(Segment.MAX_ROWS, data.rows() - from);
      Segment segment =
          Segment.allocate(
              count,
              width,
              (bytes, alignment) -> {
                MemorySegment memory = arena.allocate(bytes, Math.max(alignment, 2 << 20));
                scan.advise(memory);
                return memory;
              });
      segment.write(0, count, data.codes(), (long) from * width);
      int first = next;
      while (next < wanted.length && wanted[next] < from + count) {
        next++;
      }
      int start = from;
      int[] some = IntStream.range(first, next).map(i -> wanted[i] - start).toArray();
      segments.add(
          new ResidentColumn.Rows(
              segment,
              some.length == count ? Selection.range(0, count) : Selection.list(some, some.length),
              from,
              null));
    }
    return ResidentColumn.of(width, segments);
  }
}
