package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.bindsql.server.BindServer;
import org.bindsql.server.ServerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/arrow.md. */
class ArrowPageTest {
  @TempDir Path folder;

  @Test
  void codeOfThePageRuns() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t AS SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) AS v (id, name)");
      assertEquals(2, count(connection));
      assertEquals(2, countPrepared(connection));
      try (ArrowReader reader =
          connection.unwrap(BindConnection.class).executeArrow("SELECT * FROM t")) {
        assertEquals(3, insert(connection, reader));
      }
      assertEquals(4, count(connection));
    }
  }

  private static long count(Connection connection) throws Exception {
    long rows = 0;
    BindConnection arrow = connection.unwrap(BindConnection.class);
    try (ArrowReader result = arrow.executeArrow("SELECT id, name FROM t WHERE id < ?", 3)) {
      while (result.loadNextBatch()) {
        VectorSchemaRoot batch = result.getVectorSchemaRoot();
        rows += batch.getRowCount();
      }
    }
    return rows;
  }

  private static long countPrepared(Connection connection) throws Exception {
    BindConnection arrow = connection.unwrap(BindConnection.class);
    ArrowStatement query = arrow.prepareArrow("SELECT id, name FROM t WHERE id < ?");
    try (ArrowReader result = query.execute(3)) {
      assertTrue(result.loadNextBatch());
      return result.getVectorSchemaRoot().getRowCount();
    }
  }

  private static long insert(Connection connection, ArrowReader reader) throws SQLException {
    BindConnection arrow = connection.unwrap(BindConnection.class);
    long added = arrow.insertArrow("t", reader);
    return added;
  }

  @Test
  void thePageShowsThisCode() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "arrow.md"));
    String code = Files.readString(Path.of("src/test/java/org/bindsql/jdbc/ArrowPageTest.java"));
    Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    int count = 0;
    while (blocks.find()) {
      count++;
      assertTrue(code.contains(blocks.group(1)), blocks.group(1));
    }
    assertEquals(3, count);
  }

  /** Clients of a server get no batches, and only files below the database folder. */
  @Test
  void remoteConnectionsHaveNoneOfIt() throws Exception {
    Path database = Files.createDirectory(folder.resolve("db"));
    Files.writeString(database.resolve("in.csv"), "a,b\n1,x\n");
    Files.writeString(folder.resolve("secret.csv"), "a,b\n1,x\n");
    try (BindServer server =
            BindServer.start(ServerConfig.forDatabase(database.toString()).withPort(0));
        Connection connection = DriverManager.getConnection(server.clientUrl());
        Statement statement = connection.createStatement()) {
      assertThrows(SQLException.class, () -> connection.unwrap(BindConnection.class));
      statement.executeUpdate("CREATE TABLE t AS SELECT * FROM 'in.csv'");
      assertEquals(1, statement.executeUpdate("COPY t FROM 'in.csv'"));
      assertEquals(2, statement.executeUpdate("COPY t TO 'out.csv'"));
      assertTrue(Files.exists(database.resolve("out.csv")));
      String secret = folder.resolve("secret.csv").toString();
      for (String sql :
          new String[] {
            "CREATE TABLE u AS SELECT * FROM '" + secret + "'",
            "COPY t FROM '" + secret + "'",
            "COPY t FROM '../secret.csv'",
            "COPY t TO '" + folder.resolve("new.csv") + "'",
            "COPY t TO 't.lance/data/x.csv'"
          }) {
        SQLException failure =
            assertThrows(SQLException.class, () -> statement.executeUpdate(sql), sql);
        assertEquals("42501", failure.getSQLState(), failure.getMessage());
      }
    }
  }
}
