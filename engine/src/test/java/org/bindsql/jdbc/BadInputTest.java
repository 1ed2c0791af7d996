package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {
  @TempDir Path folder;

  @Test
  void missingPathOfAReadOnlyConnection() {
    SQLException e =
        assertThrows(
            SQLException.class,
            () ->
                DriverManager.getConnection(
                    "jdbc:bindsql:readOnly=true;path=" + folder.resolve("missing")));
    assertEquals("22023", e.getSQLState());
    assertFalse(Files.exists(folder.resolve("missing")));
  }

  @Test
  void pathThatIsAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    SQLException e =
        assertThrows(
            SQLException.class, () -> DriverManager.getConnection("jdbc:bindsql:path=" + file));
    assertEquals("22023", e.getSQLState());
  }

  @Test
  void pathThatIsAUriMakesNoFolder() {
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> DriverManager.getConnection("jdbc:bindsql:path=no-such-store://bucket/data"));
    assertEquals("0A000", e.getSQLState());
    assertFalse(Files.exists(Path.of("no-such-store:")));
  }

  @Test
  void comparisonOfFunctionsWithoutArguments() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE days AS SELECT CURRENT_DATE AS d");
      for (String filter : new String[] {"RAND() < 2", "CURRENT_DATE >= d", "1 < PI"}) {
        try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM days WHERE " + filter)) {
          assertTrue(rows.next());
          assertEquals(1, rows.getInt(1), filter);
        }
      }
    }
  }

  @Test
  void damagedTableFailsAlone() throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE good AS SELECT 1 AS x");
      statement.execute("CREATE TABLE bad AS SELECT 1 AS x");
    }
    try (Stream<Path> files = Files.walk(folder.resolve("bad.lance"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".manifest")).toList()) {
        Files.write(file, new byte[0]);
      }
    }
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = connection.createStatement()) {
      SQLException e =
          assertThrows(SQLException.class, () -> statement.executeQuery("SELECT * FROM bad"));
      assertEquals("XX001", e.getSQLState(), e.getMessage());
      try (ResultSet rows = statement.executeQuery("SELECT x FROM good")) {
        assertTrue(rows.next());
      }
      DatabaseMetaData metaData = connection.getMetaData();
      Set<String> tables = new HashSet<>();
      try (ResultSet rows = metaData.getTables(null, "main", "%", null)) {
        while (rows.next()) {
          tables.add(rows.getString("TABLE_NAME"));
        }
      }
      assertEquals(Set.of("good", "bad"), tables);
    }
  }

  @Test
  void fingerprintOfTheWrongLength() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t AS SELECT 1 AS id, X'00000000' AS code");
      try (PreparedStatement search =
          connection.prepareStatement(
              "SELECT id FROM t ORDER BY hamming_distance(code, ?) LIMIT 1")) {
        search.setBytes(1, new byte[3]);
        SQLException e =
            assertThrows(
                SQLException.class,
                () -> {
                  try (ResultSet rows = search.executeQuery()) {
                    rows.next();
                  }
                });
        assertEquals("22023", e.getSQLState());
        assertTrue(String.valueOf(e.getMessage()).contains("3"), e.getMessage());
        search.setBytes(1, new byte[4]);
        try (ResultSet rows = search.executeQuery()) {
          assertTrue(rows.next());
        }
      }
    }
  }

  @Test
  void deepNestingAndLongStatements() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:");
        Statement statement = connection.createStatement()) {
      String deep = "SELECT " + "(".repeat(2_000_000) + "1" + ")".repeat(2_000_000);
      SQLException e = assertThrows(SQLException.class, () -> statement.executeQuery(deep));
      assertEquals(5, e.getSQLState().length());
      try (ResultSet rows = statement.executeQuery("SELECT 1 + 1")) {
        assertTrue(rows.next());
      }
    }
  }
}
