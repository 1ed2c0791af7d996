package org.bindsql.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight writers in two processes: no update is lost, no key comes twice, and no read sees half a
 * commit. All commits keep the sum of the accounts at 0.
 */
class ConcurrencyTest {
  static final int COUNTERS = 5;
  static final int ACCOUNTS = 10;
  static final int KEYS = 200;
  private static final int PROCESSES = 2;
  private static final int WRITERS = 4;

  @TempDir Path folder;

  @Test
  void nothingIsLost() throws SQLException {
    run(Integer.getInteger("tests.seconds", 3));
  }

  @Test
  @Tag("soak")
  void nothingIsLostForLong() throws SQLException {
    run(120);
  }

  private void run(int seconds) throws SQLException {
    String url = "jdbc:bindsql:path=" + folder;
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE counters (k INTEGER, n BIGINT)");
      statement.execute("INSERT INTO counters VALUES " + rows(COUNTERS));
      statement.execute("CREATE TABLE accounts (k INTEGER, x BIGINT)");
      statement.execute("INSERT INTO accounts VALUES " + rows(ACCOUNTS));
      statement.execute(
          "CREATE TABLE keyed (k INTEGER NOT NULL, s VARCHAR, PRIMARY KEY (k) ENFORCED)");
      List<ChildJvm> processes = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(
            new ChildJvm(
                Writers.class, List.of(), url, Integer.toString(WRITERS), Integer.toString(i)));
      }
      processes.forEach(process -> assertEquals("started", process.receive()));
      read(statement, seconds);
      long[] sums = new long[3];
      for (ChildJvm process : processes) {
        process.close();
        String line = process.receive();
        assertNotNull(line, "a writer failed");
        String[] numbers = line.split(" ");
        for (int i = 0; i < sums.length; i++) {
          sums[i] += Long.parseLong(numbers[i]);
        }
      }
      System.out.printf("%d counts, %d rows with keys, %d races lost%n", sums[0], sums[1], sums[2]);
      assertTrue(sums[0] > 0 && sums[1] > 0, "writers did nothing");
      assertEquals(sums[0], number(statement, "SELECT SUM(n) FROM counters"));
      assertEquals(sums[1], number(statement, "SELECT COUNT(*) FROM keyed"));
      assertEquals(sums[1], number(statement, "SELECT COUNT(DISTINCT k) FROM keyed"));
      assertEquals(COUNTERS, number(statement, "SELECT COUNT(*) FROM counters"));
      readVersions(statement);
    }
  }

  private static String rows(int count) {
    return IntStream.range(0, count)
        .mapToObj(k -> "(" + k + ", 0)")
        .collect(Collectors.joining(", "));
  }

  /** Reads while the others write, for the given time and at least until they have written. */
  private static void read(Statement statement, int seconds) throws SQLException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long patience = end + 60_000_000_000L; // a busy machine may take that long to start a JVM
    while (System.nanoTime() < end || (System.nanoTime() < patience && !isWritten(statement))) {
      assertEquals(0, number(statement, "SELECT SUM(x) FROM accounts"));
      assertEquals(ACCOUNTS, number(statement, "SELECT COUNT(*) FROM accounts"));
      assertEquals(
          0,
          number(
              statement,
              "SELECT (SELECT SUM(x) FROM accounts WHERE k < 4)"
                  + " + (SELECT SUM(x) FROM accounts WHERE k >= 4)"));
      assertEquals(
          ACCOUNTS,
          number(
              statement,
              "SELECT COUNT(*) FROM accounts AS a JOIN accounts AS b ON a.k = b.k AND a.x = b.x"));
      statement.execute("BEGIN");
      String first = text(statement, "SELECT k, x FROM accounts ORDER BY k");
      assertEquals(first, text(statement, "SELECT k, x FROM accounts ORDER BY k"));
      statement.execute("COMMIT");
      long version =
          number(
              statement, "SELECT MAX(version) FROM system.versions WHERE table_name = 'accounts'");
      String pinned = "SELECT k, x FROM accounts FOR VERSION AS OF " + version + " ORDER BY k";
      assertEquals(text(statement, pinned), text(statement, pinned));
    }
  }

  private static boolean isWritten(Statement statement) throws SQLException {
    return number(statement, "SELECT SUM(n) FROM counters") > 0
        && number(statement, "SELECT COUNT(*) FROM keyed") > 0;
  }

  /** Every version there ever was holds whole commits only. */
  private static void readVersions(Statement statement) throws SQLException {
    long newest =
        number(statement, "SELECT MAX(version) FROM system.versions WHERE table_name = 'accounts'");
    for (long version = Math.max(2, newest - 50); version <= newest; version++) {
      assertEquals(
          0, number(statement, "SELECT SUM(x) FROM accounts FOR VERSION AS OF " + version));
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      assertTrue(row.next());
      return row.getLong(1);
    }
  }

  private static String text(Statement statement, String sql) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        text.append(row.getLong(1)).append('=').append(row.getLong(2)).append(' ');
      }
    }
    return text.toString();
  }
}
