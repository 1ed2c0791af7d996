package org.bindsql.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bindsql.cascade.BlockMask;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.CentreSearch;
import org.bindsql.cascade.Centres;
import org.bindsql.cascade.ListOrder;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.cascade.ResidentSearch;
import org.bindsql.cascade.Segment;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;

/**
 * Top 10 of a resident column, exact and with a recall of 0.9999, beside the C scan of the same
 * rows, in turn, so that what slows the machine down slows both. Prints a table; times are those of
 * the processor if there is one thread.
 *
 * <p>Arguments: number of rows, {@code uniform} or {@code clustered}, threads, rounds. With the
 * property {@code lists} the column is in the order of lists, if any are found.
 */
public final class CascadeCompare {
  private static final double[] SHARES = {0.012, 0.051, 0.102, 0.199, 0.5};
  static final double RECALL = 0.9999;

  private CascadeCompare() {}

  /** Runs the comparison. */
  public static void main(String[] arguments) {
    int rows = Integer.parseInt(arguments[0]);
    CodeSet.Kind kind = CodeSet.Kind.valueOf(arguments[1].toUpperCase(Locale.ROOT));
    int threads = Integer.parseInt(arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    CScan c = CScan.compile().orElseThrow(() -> new IllegalStateException("no gcc"));
    try (CodeSet set = new CodeSet(rows, kind)) {
      long start = System.nanoTime();
      ResidentColumn column = Boolean.getBoolean("lists") ? listed(set) : resident(set);
      long end = System.nanoTime();
      System.out.printf(
          Locale.ROOT,
          "%,d rows, %s, %d threads; medians of %d rounds; slices and sketches made in %.2f s%n%n",
          rows,
          kind.name().toLowerCase(Locale.ROOT),
          threads,
          rounds,
          (end - start) / 1e9);
      System.out.println(
          "| bits of the query changed | C ms | exact ms | / C | recall ms | / C | found"
              + " | least C ms | exact / C | recall / C |");
      System.out.println("|---|---|---|---|---|---|---|---|---|---|");
      for (double share : SHARES) {
        compare(set, column, c, share, threads, rounds);
      }
    }
  }

  private static void compare(
      CodeSet set, ResidentColumn column, CScan c, double share, int threads, int rounds) {
    List<Double> scans = new ArrayList<>();
    List<Double> exacts = new ArrayList<>();
    List<Double> recalls = new ArrayList<>();
    int found = 0;
    int wanted = 0;
    Map<String, Long> exactCounters = Map.of();
    Map<String, Long> recallCounters = Map.of();
    for (int round = 0; round < rounds; round++) {
      set.near(share, round);
      long start = now(threads);
      CascadeResult truth = c.top(set, MemorySegment.NULL);
      long scanned = now(threads);
      ResidentSearch exact = search(set, column, 1);
      CascadeResult answer = exact.run(threads, () -> {});
      long searched = now(threads);
      ResidentSearch recall = search(set, column, RECALL);
      CascadeResult most = recall.run(threads, () -> {});
      long end = now(threads);
      if (!Arrays.equals(truth.rowKeys(), answer.rowKeys())) {
        throw new IllegalStateException("answers differ");
      }
      if (round < rounds / 3) {
        continue; // warms up
      }
      scans.add((scanned - start) / 1e6);
      exacts.add((searched - scanned) / 1e6);
      recalls.add((end - searched) / 1e6);
      wanted += truth.size();
      for (long key : most.rowKeys()) {
        found += Arrays.stream(truth.rowKeys()).anyMatch(k -> k == key) ? 1 : 0;
      }
      exactCounters = exact.counters(set.rows).values();
      recallCounters = recall.counters(set.rows).values();
    }
    System.out.printf(
        Locale.ROOT,
        "| %.1f %% | %.2f | %.2f | %.2f | %.3f | %.3f | %.5f | %.2f | %.2f | %.3f |%n",
        share * 100,
        median(scans),
        median(exacts),
        median(exacts) / median(scans),
        median(recalls),
        median(recalls) / median(scans),
        (double) found / wanted,
        least(scans),
        least(exacts) / least(scans),
        least(recalls) / least(scans));
    if (Boolean.getBoolean("counters")) {
      System.out.println("exact  " + exactCounters);
      System.out.println("recall " + recallCounters);
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** With one thread the time of its processor, so that what else runs counts less. */
  private static long now(int threads) {
    return threads == 1
        ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
        : System.nanoTime();
  }

  /** What a run took that nothing else on the machine disturbed. */
  private static double least(List<Double> values) {
    return values.stream().min(Double::compare).orElseThrow();
  }

  static ResidentSearch search(CodeSet set, ResidentColumn column, double recall) {
    CascadeRequest request =
        new CascadeRequest(
            set.query.asSlice(0, CodeSet.WIDTH),
            BlockMask.ALL,
            CodeSet.K,
            CascadeRequest.NO_RADIUS,
            NullRows.LAST,
            recall);
    return new ResidentSearch(request, HammingKernel.get(), column, column.segments());
  }

  /** The set's rows in segments. */
  static ResidentColumn resident(CodeSet set) {
    return resident(set, set.arena());
  }

  private static ResidentColumn resident(CodeSet set, Arena arena) {
    List<ResidentColumn.Rows> segments = new ArrayList<>();
    for (int from = 0; from < set.rows; from += Segment.MAX_ROWS) {
      int count = Math.min(Segment.MAX_ROWS, set.rows - from);
      Segment segment = Segment.allocate(count, CodeSet.WIDTH, arena);
      segment.write(0, count, set.codes, (long) from * CodeSet.WIDTH);
      segments.add(new ResidentColumn.Rows(segment, Selection.range(0, count), from, null));
    }
    return ResidentColumn.of(CodeSet.WIDTH, segments);
  }

  /** The set's rows in segments in the order of lists. */
  static ResidentColumn listed(CodeSet set) {
    try (Arena plain = Arena.ofConfined()) {
      ResidentColumn column = resident(set, plain);
      List<Segment> segments = column.segments().stream().map(rows -> rows.segment()).toList();
      long start = System.nanoTime();
      Centres centres =
          CentreSearch.find(
              segments,
              Collections.nCopies(segments.size(), null),
              set.arena(),
              HammingKernel.get(),
              () -> {});
      if (centres == null) {
        System.out.println("no lists");
        return resident(set);
      }
      long found = System.nanoTime();
      List<ResidentColumn.Rows> listed = new ArrayList<>();
      for (ResidentColumn.Rows rows : column.segments()) {
        ListOrder order =
            new ListOrder(rows.segment(), null, centres, HammingKernel.get(), () -> {});
        listed.add(
            new ResidentColumn.Rows(
                order.copy(set.arena()), rows.rows(), rows.firstRowKey(), null));
      }
      System.out.printf(
          Locale.ROOT,
          "%d centres found in %.1f s, lists made in %.1f s%n",
          centres.count(),
          (found - start) / 1e9,
          (System.nanoTime() - found) / 1e9);
      return ResidentColumn.of(CodeSet.WIDTH, listed);
    }
  }
}
