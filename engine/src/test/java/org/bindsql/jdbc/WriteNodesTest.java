package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** INSERT, UPDATE and DELETE on bindspace tables through JDBC: counts, and the right SQLState. */
class WriteNodesTest {
  @Test
  void writesCountRowsAndFailWithTheirSqlState() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:");
        Statement statement = connection.createStatement()) {
      String insert = "insert into bindspace.nodes (addr, fingerprint, label) values (?, ?, ?)";
      try (PreparedStatement prepared = connection.prepareStatement(insert)) {
        for (int i = 0; i < 3; i++) {
          prepared.setInt(1, 32768 + i);
          prepared.setBytes(2, new byte[2048]);
          prepared.setString(3, "n" + i);
          assertEquals(1, prepared.executeUpdate());
        }
        assertState("23505", prepared::executeUpdate);
        prepared.setInt(1, 40000);
        prepared.setBytes(2, new byte[3]);
        assertState("22023", prepared::executeUpdate);
      }
      assertState(
          "22023",
          () ->
              statement.executeUpdate("insert into bindspace.nodes (fingerprint) values (x'00')"));
      assertState(
          "22003",
          () ->
              statement.executeUpdate(
                  "insert into bindspace.nodes (addr, fingerprint) select 5, fingerprint"
                      + " from bindspace.nodes"));
      assertEquals(3, statement.executeUpdate("update bindspace.nodes set rung = 4"));
      assertState("25006", () -> statement.executeUpdate("delete from bindspace.surface"));
      assertState(
          "42501", () -> statement.executeUpdate("update bindspace.nodes set popcount = 4"));
      assertEquals(1, statement.executeUpdate("delete from bindspace.nodes where label = 'n1'"));
      try (ResultSet rows =
          statement.executeQuery("select count(*), sum(rung) from bindspace.nodes")) {
        assertTrue(rows.next());
        assertEquals(2, rows.getInt(1));
        assertEquals(8, rows.getInt(2));
      }
    }
  }

  private static void assertState(String state, Executable run) {
    SQLException failure = assertThrows(SQLException.class, run);
    assertEquals(state, failure.getSQLState(), failure.getMessage());
  }
}
