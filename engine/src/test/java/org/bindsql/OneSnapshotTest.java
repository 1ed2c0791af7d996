package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All scans of one statement read one image of BindSpace, while another connection writes. */
class OneSnapshotTest {
  private static final int READS = 60;

  @TempDir java.nio.file.Path folder;

  @Test
  void twoScansOfOneStatementAgree() throws Exception {
    String url = "jdbc:bindsql:path=" + folder;
    try (Connection reader = DriverManager.getConnection(url)) {
      AtomicBoolean done = new AtomicBoolean();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread writer = new Thread(() -> write(url, done));
      writer.setUncaughtExceptionHandler((t, e) -> failure.set(e));
      writer.start();
      try (Statement statement = reader.createStatement()) {
        for (int i = 0; i < READS; i++) {
          try (ResultSet row =
              statement.executeQuery(
                  """
                  SELECT (SELECT MAX(qidx) FROM bindspace.nodes),
                         (SELECT MAX(access_count) FROM bindspace.nodes),
                         (SELECT COUNT(*) FROM bindspace.edges WHERE source >= 32768)\
                  """)) {
            row.next();
            assertEquals(row.getInt(1), row.getInt(2), "read " + i);
          }
        }
      } finally {
        done.set(true);
        writer.join();
      }
      assertEquals(null, failure.get());
    }
  }

  /** Sets both columns of the only node to the same number, in one statement, again and again. */
  private static void write(String url, AtomicBoolean done) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO bindspace.nodes (addr, fingerprint) VALUES (32768, fingerprint_of('x'))");
      for (int i = 1; !done.get(); i++) {
        statement.executeUpdate(
            "UPDATE bindspace.nodes SET qidx = " + i % 200 + ", access_count = " + i % 200);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
