package org.bindsql.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.cascade.ResidentSearch;

/**
 * The top 10 of columns that are in memory, exact and with a recall of 0.9999, beside the scan in C
 * of the same rows, by turns, for queries of several kinds: a table for the file of results.
 */
final class ResidentReport {
  /** Probabilities with which a query's bits are flipped; one half makes it a random one. */
  private static final double[] SHARES = {0.012, 0.051, 0.102, 0.199, 0.5};

  /** Queries of each kind; so many before them warm up. */
  private static final int QUERIES = 24;

  private static final int WARM = 6;

  private final CScan c;
  private final StringBuilder report = new StringBuilder();

  private ResidentReport(CScan c) {
    this.c = c;
  }

  /** Milliseconds of a query, and how many of its neighbours recall mode found. */
  private record Round(double scan, double exact, double recall, int wanted, int found) {}

  /** Measures all of them and returns the section. */
  static String write(CScan c, int... sizes) {
    ResidentReport measured = new ResidentReport(c);
    measured.report.append(
        """
        ### Resident search beside C

        Top 10 of a column in memory, whole, without SQL: exact, and with a recall of %s. %d queries of each kind (rows
        with so many of their bits changed; "random" ones have half of them changed and so no neighbours), each asked of all three by turns;
        medians in milliseconds, and those of the ratios. C is the plain scan, on as many threads as we. "Near" is all kinds
        but the random ones.

        | rows | data | threads | queries | C ms | exact ms | exact / C | recall ms | recall / C | recall |
        |---|---|---|---|---|---|---|---|---|---|
        """
            .formatted(CascadeCompare.RECALL, QUERIES));
    for (int rows : sizes) {
      for (CodeSet.Kind kind : CodeSet.Kind.values()) {
        try (CodeSet set = new CodeSet(rows, kind)) {
          ResidentColumn column = CascadeCompare.resident(set);
          for (int threads = 1; threads <= 2; threads++) {
            measured.measure(set, kind, column, threads);
          }
        }
      }
    }
    return measured.report.append('\n').toString();
  }

  private void measure(CodeSet set, CodeSet.Kind kind, ResidentColumn column, int threads) {
    String name =
        String.format(
            Locale.ROOT,
            "| %,d | %s | %d",
            set.rows,
            kind.name().toLowerCase(Locale.ROOT),
            threads);
    List<Round> near = new ArrayList<>();
    for (double share : SHARES) {
      List<Round> rounds = new ArrayList<>();
      for (int query = 0; query < WARM + QUERIES; query++) {
        set.near(share, query);
        Round round = round(set, column, threads);
        if (query >= WARM) {
          rounds.add(round);
        }
      }
      boolean random = share == 0.5;
      if (!random) {
        near.addAll(rounds);
      }
      line(name, random ? "random" : String.format(Locale.ROOT, "%.1f %%", 100 * share), rounds);
    }
    line(name, "near", near);
  }

  private Round round(CodeSet set, ResidentColumn column, int threads) {
    long start = System.nanoTime();
    CascadeResult truth = c.top(set.query, set.codes, CodeSet.WIDTH, CodeSet.K, threads);
    long scanned = System.nanoTime();
    ResidentSearch exact = CascadeCompare.search(set, column, 1);
    CascadeResult answer = exact.run(threads, () -> {});
    long searched = System.nanoTime();
    CascadeResult most =
        CascadeCompare.search(set, column, CascadeCompare.RECALL).run(threads, () -> {});
    long end = System.nanoTime();
    if (!Arrays.equals(truth.rowKeys(), answer.rowKeys())) {
      throw new IllegalStateException("answers differ");
    }
    return new Round(
        (scanned - start) / 1e6,
        (searched - scanned) / 1e6,
        (end - searched) / 1e6,
        truth.size(),
        (int)
            Arrays.stream(most.rowKeys())
                .filter(key -> Arrays.stream(truth.rowKeys()).anyMatch(each -> each == key))
                .count());
  }

  private void line(String name, String queries, List<Round> rounds) {
    report.append(
        String.format(
            Locale.ROOT,
            "%s | %s | %.2f | %.2f | **%.2f** | %.3f | **%.3f** | %.4f |%n",
            name,
            queries,
            median(rounds, Round::scan),
            median(rounds, Round::exact),
            median(rounds, round -> round.exact / round.scan),
            median(rounds, Round::recall),
            median(rounds, round -> round.recall / round.scan),
            (double) rounds.stream().mapToInt(Round::found).sum()
                / rounds.stream().mapToInt(Round::wanted).sum()));
  }

  private static double median(
      List<Round> rounds, java.util.function.ToDoubleFunction<Round> value) {
    return rounds.stream()
        .mapToDouble(value)
        .sorted()
        .skip(rounds.size() / 2)
        .findFirst()
        .orElseThrow();
  }
}
