package org.bindsql.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.bindsql.jdbc.ArrowStatement;
import org.bindsql.jdbc.BindConnection;
import org.lance.WriteParams.WriteMode;

/**
 * SQL on Lance tables beside calls of lance-core that do the same, by turns in this process on the
 * same data; then a query beside DuckDB on the same data in Parquet. Writes a Markdown file.
 */
public final class LanceCompare {
  private static final String FILTER = "bucket < 100";
  private static final String SCAN = "SELECT id, amount FROM events WHERE " + FILTER;
  private static final String COPY = " AS SELECT * FROM events";
  private static final long PAIR_NANOS = 15_000_000_000L;

  private final StringBuilder report = new StringBuilder();
  private final BufferAllocator allocator = new RootAllocator();
  private final Path folder;
  private final long rows;
  private final long nanos;
  private int tables;

  private LanceCompare(Path folder, long rows, long nanos) {
    this.folder = folder;
    this.rows = rows;
    this.nanos = nanos;
  }

  /**
   * Runs everything; about five minutes.
   *
   * @param args the file to write, then the number of rows of the larger table (10,000,000 where
   *     nothing is said); the smaller one has a tenth of them
   */
  public static void main(String[] args) throws Exception {
    long rows = args.length > 1 ? Long.parseLong(args[1]) : 10_000_000;
    Path folder = Files.createTempDirectory("bindsql-benchmark");
    try {
      LanceCompare compare =
          new LanceCompare(folder, rows, rows < 10_000_000 ? PAIR_NANOS / 15 : PAIR_NANOS);
      compare.run();
      Files.writeString(Path.of(args[0]), compare.report);
      System.out.println(compare.report);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(file);
        }
      }
    }
  }

  private void run() throws Exception {
    report.append(
        """
        # Lance tables: results

        Written by `benchmarks/run-lance`; do not edit.

        %s
        Each pair is run by turns in one process; medians of their times and of the ratios of neighbours.
        Tables have the columns `id BIGINT, bucket INTEGER, amount DOUBLE, name VARCHAR`, and a BTREE index on `id`.
        Background maintenance is off.

        """
            .formatted(Machine.describe()));
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE warm AS SELECT 1 AS x"); // loads the native library
      try (ArrowReader reader = new EventReader(allocator, rows / 10)) {
        BareEvents.create(allocator, folder, "events", reader, true);
      }
      againstBareLance(connection);
    }
    againstDuckDb();
    allocator.close();
  }

  private Connection connect(String properties) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:bindsql:path=" + folder + ";maintenance=off" + properties);
  }

  private void againstBareLance(Connection connection) throws Exception {
    report.append(
        """
        ## Against bare lance-core, %,d rows

        Both sides see the newest version: every SQL statement by itself, lance-core by `checkoutLatest()`
        on a dataset that stays open. Prepared statements are planned once, the others at every run.
        `INSERT … SELECT` and `CREATE TABLE AS` read all rows of one table and write them to another, with the
        same file options; `insertArrow` writes the same generated batches. Where it says durable, both sides
        force the new files and their directories to disk, which lance-core leaves to its caller.

        | | BindSQL ms | lance-core ms | ratio | pairs |
        |---|---|---|---|---|
        """
            .formatted(rows / 10));
    BindConnection arrow = connection.unwrap(BindConnection.class);
    try (BareEvents bare = new BareEvents(allocator, folder);
        PreparedStatement count = connection.prepareStatement("SELECT COUNT(*) FROM events");
        PreparedStatement filtered =
            connection.prepareStatement("SELECT COUNT(*) FROM events WHERE " + FILTER);
        PreparedStatement point = connection.prepareStatement("SELECT * FROM events WHERE id = ?");
        PreparedStatement scanned = connection.prepareStatement(SCAN);
        Connection fast = connect(";durable=false")) {
      ArrowStatement scan = arrow.prepareArrow(SCAN);
      Turns.Work bareScan = () -> bare.scan(FILTER, List.of("id", "amount"));
      line("scan with filter and projection, Arrow, prepared", () -> drain(scan), bareScan, 1);
      line("the same, planned at every run", () -> drain(arrow.prepareArrow(SCAN)), bareScan, 1);
      line("the same, prepared, as JDBC rows", () -> drain(scanned.executeQuery()), bareScan, 1);
      line("`COUNT(*)`, prepared", () -> number(count), bare::count, 100);
      line("`COUNT(*)` with filter, prepared", () -> number(filtered), () -> bare.count(FILTER), 1);
      lookup(point, bare);
      inserts(connection, fast, bare);
    }
    report.append('\n');
  }

  private void lookup(PreparedStatement point, BareEvents bare) throws Exception {
    Random first = new Random(1);
    Random second = new Random(1);
    List<String> all = List.of("id", "bucket", "amount", "name");
    line(
        "point lookup by indexed key, prepared",
        () -> {
          point.setLong(1, first.nextLong(rows / 10));
          return drain(point.executeQuery());
        },
        () -> bare.scan("id = " + second.nextLong(rows / 10), all),
        20);
  }

  private void inserts(Connection connection, Connection fast, BareEvents bare) throws Exception {
    BindConnection arrow = connection.unwrap(BindConnection.class);
    try (Statement statement = connection.createStatement()) {
      for (boolean durable : new boolean[] {true, false}) {
        makeTargets(statement);
        try (PreparedStatement insert =
            (durable ? connection : fast)
                .prepareStatement("INSERT INTO ours SELECT * FROM events")) {
          line(
              "`INSERT … SELECT`, prepared" + (durable ? ", durable" : ""),
              () -> check(insert.executeLargeUpdate()),
              () -> bare.copy("events", "theirs", WriteMode.APPEND, durable),
              1);
        }
      }
      makeTargets(statement);
      line(
          "`insertArrow`, durable",
          () -> {
            try (ArrowReader reader = new EventReader(allocator, rows / 10)) {
              return check(arrow.insertArrow("ours", reader));
            }
          },
          () -> {
            try (ArrowReader reader = new EventReader(allocator, rows / 10)) {
              return bare.append("theirs", reader, true);
            }
          },
          1);
      line(
          "`CREATE TABLE AS`, durable",
          () -> check(statement.executeLargeUpdate("CREATE TABLE " + made() + COPY)),
          () -> bare.copy("events", made(), WriteMode.CREATE, true),
          1);
      for (int i = 1; i <= tables; i++) {
        statement.execute("DROP TABLE made" + i);
      }
    }
  }

  private String made() {
    return "made" + ++tables;
  }

  /** Makes the tables to be inserted into, anew, both alike. */
  private static void makeTargets(Statement statement) throws SQLException {
    for (String name : List.of("ours", "theirs")) {
      statement.execute("DROP TABLE IF EXISTS " + name);
      statement.execute("CREATE TABLE " + name + COPY + " WHERE FALSE");
    }
  }

  /** 0, if all rows were written. */
  private long check(long written) {
    if (written != rows / 10) {
      throw new IllegalStateException(written + " rows written");
    }
    return 0;
  }

  private void againstDuckDb() throws Exception {
    try (ArrowReader reader = new EventReader(allocator, rows)) {
      BareEvents.create(allocator, folder, "many", reader, false);
    }
    report.append(
        """
        ## Against DuckDB on Parquet, %,d rows

        | | BindSQL ms | DuckDB ms | ratio | pairs |
        |---|---|---|---|---|
        """
            .formatted(rows));
    String group = "SELECT bucket, COUNT(*), SUM(amount) FROM %s WHERE amount < 50 GROUP BY bucket";
    try (Connection connection = connect("");
        Statement statement = connection.createStatement();
        DuckEvents duck = new DuckEvents(allocator, folder.resolve("many.parquet"), rows)) {
      line(
          "filter and `GROUP BY`, 1,000 groups",
          () -> drain(statement, group.formatted("many")),
          () -> duck.drain(group),
          1);
    }
  }

  private void line(String what, Turns.Work ours, Turns.Work theirs, int repeat) throws Exception {
    Turns turns = Turns.measure(ours, theirs, nanos, repeat);
    String line =
        String.format(
            Locale.ROOT,
            "| %s | %.3f | %.3f | **%.2f** | %d |%n",
            what,
            turns.first(),
            turns.second(),
            turns.ratio(),
            turns.runs());
    report.append(line);
    System.err.print(line);
  }

  private static long drain(ArrowStatement query) throws SQLException, IOException {
    long rows = 0;
    try (ArrowReader reader = query.execute()) {
      while (reader.loadNextBatch()) {
        rows += reader.getVectorSchemaRoot().getRowCount();
      }
    }
    return rows;
  }

  private static long drain(Statement statement, String sql) throws SQLException {
    return drain(statement.executeQuery(sql));
  }

  /** Number of rows of a result, all of whose values are read. */
  static long drain(ResultSet result) throws SQLException {
    long rows = 0;
    try (result) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        for (int i = 1; i <= columns; i++) {
          result.getObject(i);
        }
        rows++;
      }
    }
    return rows;
  }

  private static long number(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
