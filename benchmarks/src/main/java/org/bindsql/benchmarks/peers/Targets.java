package org.bindsql.benchmarks.peers;

import static org.bindsql.benchmarks.peers.DataSet.Kind.NEAR;
import static org.bindsql.benchmarks.peers.DataSet.Kind.RANDOM;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import org.bindsql.benchmarks.peers.Measured.Times;

/** The targets, what was measured, and whether they are met. */
final class Targets {
  private static final String RATIO = "pair";
  private static final String PROFILE = "profile";

  private final StringBuilder table = new StringBuilder();
  private final List<Measured> all;
  private final Path work;
  private final Scope scope;

  /** Targets that are missed, with what tells why. */
  private final List<String> missed = new ArrayList<>();

  Targets(List<Measured> all, Path work, Scope scope) {
    this.all = all;
    this.work = work;
    this.scope = scope;
  }

  /** As Markdown. */
  String table() throws IOException {
    table.append(
        """
        ### Targets

        One thread and exact search unless said. Ratios are of BindSQL to the plain scan in C, by turns in one process on the
        same rows. Beside them stands the fastest of the other programs in exact modes, in its own process.

        | case | target | measured | met | fastest other, ms |
        |---|---|---|---|---|
        """);
    for (int rows : scope.sizes) {
      String size = String.format(Locale.ROOT, "%,d rows", rows);
      for (String kind : RunPeers.KINDS) {
        String set = kind + "-" + rows;
        if (!kind.equals("clustered")) {
          ratio("scan, near queries, " + kind + ", " + size, set, "near", 1.1);
        }
        ratio("scan, random queries, " + kind + ", " + size, set, "random", 1.1);
      }
      String main = "clustered-" + rows;
      double share = scope.isSmall(rows) ? 0.65 : 0.45;
      ratio("near queries, clustered, " + size, main, "near", share);
      recall(main, size, scope.isSmall(rows) ? 0.2 : 3);
      for (int filter : new int[] {500, 100, 10, 1}) {
        filter(main, size, filter);
      }
      ratio("batch of 64 queries, clustered, " + size, main, "batch", 2);
      threads(main, size);
    }
    value("prepared statement without the scan, BindSpace", "overhead BindSpace", 60, "µs");
    value("prepared statement without the scan, Lance table", "overhead Lance table", 60, "µs");
    value("HDR index, bytes per row", "index bytes per row", 0.05 * DataSet.WIDTH, "bytes");
    value(
        "HDR index of 1,000,000 rows, time to build once the column is in memory",
        "index seconds",
        2,
        "s");
    String cold = "cold Lance table, near query, share of the column read, ";
    value(cold + "recall mode", "cold recall", 0.1, "");
    value(cold + "recall mode, first query", "cold recall first", 0.1, "");
    value(cold + "exact", "cold exact", 0.1, "");
    Path growth = work.resolve("growth.tsv");
    row(
        "growth of near queries from 10^5 rows, clustered, time ~ rows^x",
        "x < 1",
        Files.exists(growth)
            ? OptionalDouble.of(Double.parseDouble(Files.readString(growth).strip()))
            : OptionalDouble.empty(),
        "x = %.2f",
        "`benchmarks/run-growth` was not run",
        1 - 1e-9,
        "see the section on growth");
    table.append('\n');
    if (!missed.isEmpty()) {
      table.append(
          """
          #### Where the time of the missed ones goes

          `EXPLAIN ANALYZE` of the query with the median time among a few; it counts and looks at the clock, so that a query
          takes somewhat longer than in the table. Counters that are zero are left out.

          """);
      missed.forEach(line -> table.append("* ").append(line).append('\n'));
      table.append('\n');
    }
    return table.toString();
  }

  /** The lines of BindSQL on a data set; none if it was not measured there. */
  private Measured ours(String set) {
    return all.stream()
        .filter(m -> m.set().equals(set) && m.peer().equals("bindsql"))
        .findFirst()
        .orElse(new Measured(set, "bindsql", List.of()));
  }

  private void ratio(String text, String set, String name, double most) {
    Measured ours = ours(set);
    String measured =
        ours.text(2, RATIO, name).isEmpty()
            ? ""
            : String.format(
                Locale.ROOT,
                "%%.2f (%s / %s ms)",
                PeerReport.millis(ours.number(2, RATIO, name).orElse(0)),
                PeerReport.millis(ours.number(3, RATIO, name).orElse(0)));
    row(
        text,
        "at most %.2f x C".formatted(most),
        ours.number(4, RATIO, name),
        measured,
        reason(ours, name),
        most,
        ours.text(2, PROFILE, name),
        other(set, name.endsWith("random") ? RANDOM : NEAR, 1000, name.equals("batch") ? 64 : 1));
  }

  /** The least median of what other programs find exactly, and whose it is. */
  private String other(String set, DataSet.Kind kind, int filter, int queries) {
    record Time(double millis, String peer) {}
    return all.stream()
        .filter(m -> m.set().equals(set) && !RunPeers.FIRST.contains(m.peer()))
        .flatMap(m ->
            m.modes().stream()
                .filter(mode -> mode.startsWith("exact"))
                .map(mode -> m.times(mode, 1, kind, filter, queries))
                .filter(Objects::nonNull)
                .map(times -> new Time(times.median(), m.peer())))
        .min(Comparator.comparingDouble(Time::millis))
        .map(time -> PeerReport.millis(time.millis) + " " + time.peer)
        .orElse("");
  }

  private static String reason(Measured ours, String name) {
    String note = ours.text(2, "note", name);
    return note.isEmpty() ? "not measured" : note;
  }

  private void recall(String set, String size, double most) {
    Measured ours = ours(set);
    String mode = ours.modes().size() > 1 ? ours.modes().get(1) : "";
    Times near = ours.times(mode, 1, NEAR, 1000, 1);
    row(
        "recall mode, near queries, clustered, " + size,
        "at most %s ms".formatted(most),
        near == null ? OptionalDouble.empty() : OptionalDouble.of(near.median()),
        "%.3f ms",
        "not measured",
        most,
        ours.text(2, PROFILE, "recall near"),
        other(set, NEAR, 1000, 1));
    ratio("recall mode, random queries, clustered, " + size, set, "recall random", 1.1);
    double worst = 1;
    boolean any = false;
    for (String kind : RunPeers.KINDS) {
      Measured other = ours(kind + set.substring(set.indexOf('-')));
      for (String each : other.modes()) {
        for (DataSet.Kind queries : DataSet.Kind.values()) {
          Times times = other.times(each, 1, queries, 1000, 1);
          if (each.contains("recall") && times != null) {
            worst = Math.min(worst, times.recall());
            any = true;
          }
        }
      }
    }
    // One of 640 true neighbours is already more than what the setting allows on average.
    row(
        "recall mode, recall on the worst of all sets, " + size,
        "at least " + BindSqlPeer.RECALL,
        any ? OptionalDouble.of(-worst) : OptionalDouble.empty(),
        String.format(Locale.ROOT, "%.4f", worst),
        "not measured",
        -BindSqlPeer.RECALL,
        "");
  }

  private void filter(String set, String size, int filter) {
    Measured ours = ours(set);
    OptionalDouble time = ours.number(2, RATIO, "filter " + filter);
    OptionalDouble scan = ours.number(3, RATIO, "filter " + filter);
    OptionalDouble count = ours.number(2, "value", "count " + filter);
    boolean there = time.isPresent() && scan.isPresent() && count.isPresent();
    double ratio = there ? (time.getAsDouble() - count.getAsDouble()) / scan.getAsDouble() : 0;
    row(
        "filter of %s %%, near queries, clustered, %s".formatted(filter / 10.0, size),
        "at most 1.3 x C, plus the filter",
        there ? OptionalDouble.of(ratio) : OptionalDouble.empty(),
        there
            ? "%%.2f (%s / %s ms; `COUNT(*)` with the filter %s ms)"
                .formatted(
                    PeerReport.millis(time.getAsDouble()),
                    PeerReport.millis(scan.getAsDouble()),
                    PeerReport.millis(count.getAsDouble()))
            : "",
        reason(ours, "filter " + filter),
        1.3,
        ours.text(2, PROFILE, "filter " + filter),
        other(set, NEAR, filter, 1));
  }

  /** Two threads are worth what the memory's bandwidth gains, where that is less than 1.8. */
  private void threads(String set, String size) {
    Measured ours = ours(set);
    double one = ours.largest(2, "bandwidth", "1");
    double two = ours.largest(2, "bandwidth", "2");
    OptionalDouble gain = ours.number(2, "value", "threads");
    row(
        "two threads, random queries, clustered, " + size,
        "at least 1.8 times as fast where the bandwidth allows",
        gain.isPresent() ? OptionalDouble.of(-gain.getAsDouble()) : gain,
        "%.2f times; bandwidth %.1f and %.1f GB/s, %.2f times"
            .formatted(gain.orElse(0), one, two, one == 0 ? 0 : two / one),
        reason(ours, "threads"),
        -Math.min(1.8, one == 0 ? 1.8 : 0.9 * two / one),
        ours.text(2, PROFILE, "random"));
  }

  private void value(String text, String name, double most, String unit) {
    Measured found =
        all.stream()
            .filter(m -> !m.text(2, "value", name).isEmpty() || !m.text(2, "note", name).isEmpty())
            .findFirst()
            .orElse(ours(""));
    String note = found.text(2, "note", name.split(" ")[0]);
    row(
        text,
        ("at most " + (most == Math.rint(most) ? (long) most : most) + " " + unit).strip(),
        found.number(2, "value", name),
        (unit.isEmpty() ? "%.4f" : "%.2f ") + unit,
        note.isEmpty() ? "not measured" : note,
        most,
        found.text(2, PROFILE, name));
  }

  /** A row; {@code format} has a place for the number, or none. */
  private void row(
      String text,
      String target,
      OptionalDouble measured,
      String format,
      String missing,
      double most,
      String profile) {
    row(text, target, measured, format, missing, most, profile, "");
  }

  private void row(
      String text,
      String target,
      OptionalDouble measured,
      String format,
      String missing,
      double most,
      String profile,
      String other) {
    boolean met = measured.isPresent() && measured.getAsDouble() <= most;
    if (measured.isPresent() && !met) {
      missed.add(text + ": " + (profile.isEmpty() ? "no profile" : profile));
    }
    table.append(
        "| %s | %s | %s | %s | %s |%n"
            .formatted(
                text,
                target,
                measured.isPresent()
                    ? String.format(Locale.ROOT, format, measured.getAsDouble()).strip()
                    : missing,
                measured.isEmpty() ? "-" : met ? "yes" : "**no**",
                other.isEmpty() ? "-" : other));
  }
}
