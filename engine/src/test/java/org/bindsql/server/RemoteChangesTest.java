package org.bindsql.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches and transactions of a remote client. */
class RemoteChangesTest {
  private BindServer server;
  private Connection remote;

  @BeforeEach
  void start(@TempDir Path folder) throws SQLException {
    server = BindServer.start(ServerConfig.forDatabase(folder.toString()).withPort(0));
    remote = DriverManager.getConnection(server.clientUrl());
    try (Statement statement = remote.createStatement()) {
      statement.execute("CREATE TABLE t AS SELECT * FROM (VALUES (1, 10), (2, 20)) AS v(id, n)");
    }
  }

  @AfterEach
  void stop() throws SQLException {
    remote.close();
    server.close();
  }

  private String sums() throws SQLException {
    try (Statement statement = remote.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*), SUM(n) FROM t")) {
      assertTrue(rows.next());
      return rows.getString(1) + " " + rows.getString(2);
    }
  }

  @Test
  void batchesCountAndFailAsAWhole() throws SQLException {
    try (PreparedStatement insert = remote.prepareStatement("INSERT INTO t VALUES (?, 100 / ?)")) {
      for (int i = 1; i <= 4; i++) {
        insert.setInt(1, i + 10);
        insert.setInt(2, i);
        insert.addBatch();
      }
      assertArrayEquals(new int[] {1, 1, 1, 1}, insert.executeBatch());
      assertEquals("6 238", sums());
      insert.setInt(1, 50);
      insert.setInt(2, 1);
      insert.addBatch();
      insert.setInt(2, 0);
      insert.addBatch();
      SQLException e = assertThrows(SQLException.class, insert::executeBatch);
      assertEquals("22012", e.getSQLState());
      assertEquals("6 238", sums());
    }
    try (Statement statement = remote.createStatement()) {
      statement.addBatch("UPDATE t SET n = 0");
      statement.addBatch("DELETE FROM t WHERE id > 10");
      assertArrayEquals(new int[] {6, 4}, statement.executeBatch());
    }
    assertEquals("2 0", sums());
  }

  @Test
  void transactionsEndAsTheClientSays() throws SQLException {
    remote.setAutoCommit(false);
    try (Statement statement = remote.createStatement()) {
      assertEquals(2, statement.executeUpdate("UPDATE t SET n = n + 1"));
      assertEquals("2 32", sums());
      remote.rollback();
      assertEquals("2 30", sums());
      statement.executeUpdate("DELETE FROM t WHERE id = 1");
      remote.commit();
      remote.rollback();
      assertEquals("1 20", sums());
    }
  }
}
