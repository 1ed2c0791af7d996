package org.bindsql.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes come back as they were given, in process and remote, whatever they look like. */
class BinaryParametersTest {
  private static final List<byte[]> VALUES =
      List.of(gzip(), headed(3), headed(4), headed(40), new byte[0], random(), gzipOfGzip());

  @TempDir Path folder;
  private BindServer server;

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return packed.toByteArray();
  }

  private static byte[] gzip() {
    return gzip("hello gzip".getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] gzipOfGzip() {
    return gzip(gzip());
  }

  /** Bytes that begin like a gzip stream. */
  private static byte[] headed(int length) {
    byte[] bytes = new byte[length];
    bytes[0] = 0x1F;
    bytes[1] = (byte) 0x8B;
    bytes[2] = 8;
    return bytes;
  }

  private static byte[] random() {
    byte[] bytes = new byte[2048];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  @BeforeEach
  void start() throws SQLException {
    server = BindServer.start(ServerConfig.forDatabase(folder.toString()).withPort(0));
  }

  @AfterEach
  void stop() throws SQLException {
    server.close();
  }

  @Test
  void inProcess() throws SQLException {
    PrintStream console = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder)) {
      roundTrip(connection);
      streams(connection);
    } finally {
      System.setErr(console);
    }
    assertEquals("", printed.toString(StandardCharsets.UTF_8));
  }

  @Test
  void remote() throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.clientUrl())) {
      roundTrip(connection);
    }
  }

  @Test
  void remoteBatchWithAParameterNotSetIsRefused() throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.clientUrl())) {
      create(connection);
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
        insert.setInt(1, 1);
        insert.addBatch();
        assertThrows(SQLException.class, insert::executeBatch);
      }
      assertEquals(0, count(connection, "SELECT b FROM t"));
    }
  }

  private static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER, b VARBINARY)");
    }
  }

  private static int count(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int count = 0;
      while (rows.next()) {
        count++;
      }
      return count;
    }
  }

  /** Inserts each value in five ways, and reads each as a column, a parameter and an element. */
  private static void roundTrip(Connection connection) throws SQLException {
    create(connection);
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
      for (int i = 0; i < VALUES.size(); i++) {
        insert.setInt(1, i);
        insert.setBytes(2, VALUES.get(i));
        assertEquals(1, insert.executeUpdate());
        insert.addBatch();
        insert.setObject(2, VALUES.get(i));
        insert.addBatch();
        insert.setObject(2, VALUES.get(i), Types.VARBINARY);
        insert.addBatch();
      }
      insert.setInt(1, -1);
      insert.setBytes(2, null);
      insert.addBatch();
      assertEquals(VALUES.size() * 3 + 1, insert.executeBatch().length);
      assertThrows(SQLException.class, () -> insert.setBytes(3, new byte[1]));
    }
    for (int i = 0; i < VALUES.size(); i++) {
      byte[] value = VALUES.get(i);
      assertEquals(4, count(connection, "SELECT b FROM t WHERE id = " + i));
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT b, ARRAY[b] FROM t WHERE id = " + i)) {
        while (rows.next()) {
          assertArrayEquals(value, rows.getBytes(1));
          assertArrayEquals(value, (byte[]) rows.getObject(1));
          assertArrayEquals(value, (byte[]) ((Object[]) rows.getArray(2).getArray())[0]);
        }
      }
      try (PreparedStatement find =
          connection.prepareStatement("SELECT COUNT(*) FROM t WHERE b = ?")) {
        find.setBytes(1, value);
        try (ResultSet rows = find.executeQuery()) {
          assertTrue(rows.next());
          assertEquals(4, rows.getInt(1), "value " + i);
        }
      }
      try (PreparedStatement echo = connection.prepareStatement("SELECT CAST(? AS VARBINARY)")) {
        echo.setBytes(1, value);
        try (ResultSet rows = echo.executeQuery()) {
          assertTrue(rows.next());
          assertArrayEquals(value, rows.getBytes(1));
        }
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT b FROM t WHERE id = -1")) {
      assertTrue(rows.next());
      assertNull(rows.getBytes(1));
    }
  }

  private static void streams(Connection connection) throws SQLException {
    try (PreparedStatement echo = connection.prepareStatement("SELECT CAST(? AS VARBINARY)")) {
      echo.setBinaryStream(1, new ByteArrayInputStream(gzip()));
      try (ResultSet rows = echo.executeQuery()) {
        assertTrue(rows.next());
        assertArrayEquals(gzip(), rows.getBytes(1));
      }
    }
  }
}
