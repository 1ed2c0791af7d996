package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.bindsql.engine.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlatMemoryTest {
  @TempDir Path folder;

  @Test
  void tenThousandQueries() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Database database = Database.open(folder.toString(), true);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t AS SELECT * FROM (VALUES (1, X'00'), (2, X'0F'), (3, X'FF')) AS t (id, code)");
      try (PreparedStatement search =
              connection.prepareStatement(
                  "SELECT id FROM t ORDER BY hamming_distance(code, ?) LIMIT 1");
          PreparedStatement count =
              connection.prepareStatement("SELECT COUNT(*) FROM t WHERE id > ?")) {
        long flat = -1;
        for (int i = 0; i < 5_000; i++) {
          search.setBytes(1, new byte[] {(byte) (i % 2 == 0 ? 0 : 0xFF)});
          assertEquals(i % 2 == 0 ? 1 : 3, one(search));
          count.setInt(1, i % 3);
          assertEquals(3 - i % 3, one(count));
          if (i % 50 == 0) {
            try (ResultSet rows =
                statement.executeQuery("SELECT MAX(id) + " + i + " FROM t WHERE id < 3")) {
              assertTrue(rows.next());
              assertEquals(2 + i, rows.getInt(1));
            }
          }
          if (i == 100) {
            flat = database.allocator().getAllocatedMemory();
          }
        }
        assertTrue(
            database.allocator().getAllocatedMemory() <= flat,
            database.allocator().getAllocatedMemory() + " bytes, were " + flat);
      }
    }
  }

  private static int one(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      assertTrue(rows.next());
      return rows.getInt(1);
    }
  }
}
