package org.bindsql.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a nearest-fingerprint query costs besides the scan: from execute to the last row through
 * JDBC in this process, over 20 rows of BindSpace, or of a Lance table. Percentiles; p0.50 is the
 * median.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class QueryBenchmark {
  private static final int ROWS = 20;

  private static final String QUERY =
      "SELECT addr, hamming_distance(fingerprint, %s) AS d FROM %s ORDER BY d LIMIT 10";

  /** The table that is searched. */
  @Param({"bindspace.nodes", "main.docs"})
  private String table;

  private final byte[] query = new byte[2048];
  private String text;
  private Connection connection;
  private Statement statement;
  private PreparedStatement prepared;

  /** Fields are set by {@link #setup}. */
  @SuppressWarnings("NullAway.Init")
  public QueryBenchmark() {}

  /** Makes the rows. */
  @Setup(Level.Trial)
  public void setup() throws SQLException {
    connection = DriverManager.getConnection("jdbc:bindsql:maintenance=off");
    statement = connection.createStatement();
    statement.execute("CREATE TABLE main.docs (addr INTEGER, fingerprint BINARY(2048))");
    for (int i = 0; i < ROWS; i++) {
      statement.execute(
          "INSERT INTO %s (addr, fingerprint) VALUES (%d, fingerprint_of('%d'))"
              .formatted(table, 40_000 + i, i));
    }
    text = QUERY.formatted("fingerprint_of('query')", table);
    prepared = connection.prepareStatement(QUERY.formatted("?", table));
  }

  /** Leaves the database. */
  @TearDown(Level.Trial)
  public void tearDown() throws SQLException {
    connection.close();
  }

  /** A prepared query with another parameter each time. */
  @Benchmark
  public long prepared() throws SQLException {
    query[0]++;
    prepared.setBytes(1, query);
    return sum(prepared.executeQuery());
  }

  /** The same text again, whose plan the connection has. */
  @Benchmark
  public long repeatedText() throws SQLException {
    return sum(statement.executeQuery(text));
  }

  private static long sum(ResultSet result) throws SQLException {
    try (result) {
      long sum = 0;
      while (result.next()) {
        sum += result.getInt(1) + result.getInt(2);
      }
      return sum;
    }
  }
}
