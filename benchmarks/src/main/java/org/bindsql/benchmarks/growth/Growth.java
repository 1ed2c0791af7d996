package org.bindsql.benchmarks.growth;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.bindsql.benchmarks.Background;
import org.bindsql.benchmarks.CScan;
import org.bindsql.benchmarks.Machine;
import org.bindsql.benchmarks.Sections;
import org.bindsql.benchmarks.growth.LogChart.Curve;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.jdbc.BindConnection;

/**
 * Times the nearest rows of near queries over clustered data for growing tables, widths and k,
 * beside the scan in C, and draws the curves.
 */
public final class Growth {
  private static final List<Integer> ROWS = List.of(100_000, 1_000_000, 4_000_000);
  private static final List<Integer> WIDTHS = List.of(8, 32, 256, 2048);
  private static final List<Integer> TOPS = List.of(1, 10, 100, 1000);
  private static final int LONGEST = WIDTHS.getLast();

  /** Ending of a file beside a table that is complete. */
  private static final String COMPLETE = ".complete-1";

  /** Longest time that work in the background after the first search may take. */
  private static final int MOST_SECONDS = 120;

  private static final int USUAL_K = 10;
  private static final int QUERIES = 20;
  private static final int FEWEST = 5;

  /** What was measured: ms at the median. */
  private record Point(int width, int rows, int k) {}

  private final Map<Point, Double> ours = new LinkedHashMap<>();
  private final Map<Point, Double> inC = new LinkedHashMap<>();
  private final long nanos;
  private final Path tables;

  private Growth(Path tables, long nanos) {
    this.tables = tables;
    this.nanos = nanos;
  }

  /**
   * Measures and draws.
   *
   * @param args the file with the results, the folder of the charts, the file for the exponent, the
   *     folder for tables, which are kept for the next run, milliseconds per point, the largest
   *     number of rows
   */
  public static void main(String[] args) throws Exception {
    int most = Integer.parseInt(args[5]);
    Growth growth = new Growth(Path.of(args[3]), Long.parseLong(args[4]) * 1_000_000);
    for (int width : WIDTHS) {
      for (int rows : ROWS) {
        if (rows <= most) {
          growth.measure(width, rows);
          // After each, so that whoever ends it early keeps what there is.
          growth.draw(Path.of(args[1]));
          if (growth.over(growth.ours, LONGEST).size() > 1) {
            Files.writeString(Path.of(args[2]), growth.exponent(LONGEST, true) + "\n");
          }
          Sections.replace(Path.of(args[0]), "growth", growth.report());
        }
      }
    }
  }

  private void measure(int width, int rows) throws Exception {
    long start = System.nanoTime();
    Path table = tables.resolve(width + "-" + rows);
    long[] expected;
    try (Arena arena = Arena.ofShared()) {
      CScan scan = CScan.compile().orElseThrow(() -> new IllegalStateException("no gcc"));
      ClusteredRows data = ClusteredRows.make(arena, scan, width, rows);
      expected = bare(scan, data);
      Path complete = tables.resolve(width + "-" + rows + COMPLETE);
      if (!Files.exists(complete)) {
        delete(table);
        load(data, table);
        Files.createFile(complete);
      }
    }
    try (Arena arena = Arena.ofShared(); // the rows are gone from memory, but not from the table
        Connection connection = connect(table)) {
      MemorySegment queries = ClusteredRows.queries(arena, width, QUERIES);
      first(connection, ClusteredRows.query(queries, width, 0));
      for (int k : TOPS) {
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT id, hamming_distance(fp, ?) AS d FROM fps ORDER BY d LIMIT " + k);
        ours.put(
            new Point(width, rows, k),
            median(query -> {
              statement.setBytes(1, ClusteredRows.query(queries, width, query));
              int count = 0;
              long sum = 0;
              try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                  count++;
                  sum += found.getInt(2);
                }
              }
              if (count != k || (k == USUAL_K && sum != expected[query])) {
                throw new IllegalStateException(
                    "%d rows, sum of distances %d".formatted(count, sum));
              }
            }));
        statement.close();
      }
    }
    System.err.printf(
        Locale.ROOT,
        "%,d bytes, %,d rows: %.0f s%n",
        width,
        rows,
        (System.nanoTime() - start) / 1e9);
  }

  /** Reads the column into memory, and waits until it is as it stays. */
  private static void first(Connection connection, byte[] query) throws Exception {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT id FROM fps ORDER BY hamming_distance(fp, ?) LIMIT 1")) {
      statement.setBytes(1, query);
      statement.executeQuery().close();
    }
    Background.await(MOST_SECONDS);
  }

  private static Connection connect(Path table) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:bindsql:path=" + table + ";maintenance=off;threads=1;fingerprint_cache=50%");
  }

  /** Times the scan, and keeps the sums of the distances that it finds. */
  private long[] bare(CScan scan, ClusteredRows data) throws Exception {
    long[] sums = new long[QUERIES];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment queries = ClusteredRows.queries(arena, data.width(), QUERIES);
      inC.put(
          new Point(data.width(), data.rows(), USUAL_K),
          median(query -> {
            CascadeResult top =
                scan.top(
                    queries.asSlice((long) query * data.width(), data.width()),
                    data.codes(),
                    data.width(),
                    MemorySegment.NULL,
                    USUAL_K);
            sums[query] = Arrays.stream(top.distances()).sum();
          }));
    }
    return sums;
  }

  private static void load(ClusteredRows data, Path table) throws Exception {
    Files.createDirectories(table);
    try (Connection connection = connect(table);
        Statement statement = connection.createStatement();
        BufferAllocator allocator = new RootAllocator();
        ClusteredRows.Reader reader = data.reader(allocator)) {
      statement.execute("CREATE TABLE fps (id INTEGER, fp BINARY(%d))".formatted(data.width()));
      connection.unwrap(BindConnection.class).insertArrow("fps", reader);
    }
  }

  private interface Search {
    void run(int query) throws Exception;
  }

  /** Median in milliseconds; a third of the time warms up. */
  private double median(Search search) throws Exception {
    List<Double> millis = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < QUERIES; i++) {
      search.run(i);
    }
    for (int i = 0; System.nanoTime() - start < nanos || millis.size() < FEWEST; i++) {
      long before = System.nanoTime();
      search.run(i % QUERIES);
      if (before - start > nanos / 3) {
        millis.add((System.nanoTime() - before) / 1e6);
      }
    }
    return millis.stream().sorted().toList().get(millis.size() / 2);
  }

  private void draw(Path charts) throws IOException {
    List<Curve> byRows = new ArrayList<>();
    List<Curve> byK = new ArrayList<>();
    for (int i = 0; i < WIDTHS.size(); i++) {
      int width = WIDTHS.get(i);
      if (over(ours, width).isEmpty()) {
        continue;
      }
      byRows.add(new Curve(width + " bytes", i, false, over(ours, width)));
      byRows.add(new Curve(width + " bytes, C scan", i, true, over(inC, width)));
      List<double[]> points = new ArrayList<>();
      for (int k : TOPS) {
        Double time = ours.get(new Point(width, Math.min(1_000_000, largest()), k));
        if (time != null) {
          points.add(new double[] {k, time});
        }
      }
      if (!points.isEmpty()) {
        byK.add(new Curve(width + " bytes", i, false, points));
      }
    }
    Files.writeString(
        charts.resolve("growth-rows.svg"),
        LogChart.svg("Ten nearest rows, near queries, one thread", "rows", "ms per query", byRows));
    Files.writeString(
        charts.resolve("growth-k.svg"),
        LogChart.svg(
            "k nearest of %,d rows, near queries, one thread"
                .formatted(Math.min(1_000_000, largest())),
            "k",
            "ms per query",
            byK));
  }

  private int largest() {
    return ours.keySet().stream().mapToInt(Point::rows).max().orElseThrow();
  }

  private List<double[]> over(Map<Point, Double> times, int width) {
    return times.entrySet().stream()
        .filter(e -> e.getKey().width == width && e.getKey().k == USUAL_K)
        .map(e -> new double[] {e.getKey().rows, e.getValue()})
        .toList();
  }

  /** x of time ~ rows^x from the fewest rows to the most, for the ten nearest. */
  private double exponent(int width, boolean sql) {
    List<double[]> points = over(sql ? ours : inC, width);
    double[] first = points.getFirst();
    double[] last = points.getLast();
    return first == last ? 1 : Math.log(last[1] / first[1]) / Math.log(last[0] / first[0]);
  }

  private String report() throws IOException {
    StringBuilder report = new StringBuilder();
    report.append(
        """
        ## Growth

        Written by `benchmarks/run-growth`; do not edit this section.

        %s
        Prepared SQL on Lance tables, exact, one thread; clustered rows (1,000 centres, each bit changed with a probability
        between 0.02 and 0.30 per row, every tenth row uniform); near queries (members with 5 %% of their bits changed);
        milliseconds at the median, beside the plain scan in C of the same rows. Curves: [by rows](../docs/growth-rows.svg),
        [by k](../docs/growth-k.svg).

        | bytes | rows | k = 1 | k = 10 | k = 100 | k = 1,000 | C scan, k = 10 | SQL / C |
        |---|---|---|---|---|---|---|---|
        """
            .formatted(Machine.describe()));
    ours.forEach((point, time) -> {
      if (point.k == USUAL_K) {
        double bare = inC.getOrDefault(point, 0.0);
        report.append(String.format(Locale.ROOT, "| %,d | %,d |", point.width, point.rows));
        for (int k : TOPS) {
          double other = ours.getOrDefault(new Point(point.width, point.rows, k), 0.0);
          report.append(String.format(Locale.ROOT, " %.3f |", other));
        }
        report.append(String.format(Locale.ROOT, " %.3f | %.2f |%n", bare, time / bare));
      }
    });
    report.append("\nTime of the ten nearest ~ rows^x from the fewest rows to the most:\n\n");
    for (int width : WIDTHS) {
      if (over(ours, width).size() < 2) {
        continue;
      }
      report.append(
          String.format(
              Locale.ROOT,
              "* %,d bytes: x = %.2f (C scan %.2f)%n",
              width,
              exponent(width, true),
              exponent(width, false)));
    }
    return report.toString();
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(file);
        }
      }
    }
  }
}
