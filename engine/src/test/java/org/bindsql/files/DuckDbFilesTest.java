package org.bindsql.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.bindsql.AllTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another database reads the files that we write, and we read its. */
class DuckDbFilesTest {
  private static final String TYPED =
      "SELECT id, bool, i8, i16, i32, i64, u8, u16, u32, CAST(u64 AS VARCHAR) AS u64, utf8,"
          + " large_utf8, date32, \"dec\", f32, f64 FROM ";

  @TempDir Path folder;

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(result.getString(i)).append('|');
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  @Test
  void filesAreExchanged() throws Exception {
    AllTypes.write(folder.resolve("db"), "t", 400, 41);
    try (Connection ours =
            DriverManager.getConnection("jdbc:bindsql:path=" + folder.resolve("db"));
        Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement write = ours.createStatement();
        Statement duckWrite = duck.createStatement()) {
      List<String> expected = rows(ours, TYPED + "t ORDER BY id");
      for (String suffix : List.of("parquet", "csv")) {
        Path file = folder.resolve("ours." + suffix);
        write.execute("COPY t TO '" + file + "'");
        String source =
            suffix.equals("csv")
                ? "read_csv('"
                    + file
                    + "', header = true, all_varchar = false, types = {'utf8': 'VARCHAR',"
                    + " 'large_utf8': 'VARCHAR', 'dec': 'DECIMAL(20,3)', 'f32': 'FLOAT'},"
                    + " nullstr = '', allow_quoted_nulls = false, delim = ',', quote = '\"',"
                    + " escape = '\"', new_line = '\\n', strict_mode = true)"
                : "'" + file + "'";
        List<String> theirs = rows(duck, TYPED + source + " ORDER BY id");
        assertEquals(expected.size(), theirs.size(), suffix);
        for (int i = 0; i < expected.size(); i++) {
          assertEquals(expected.get(i), theirs.get(i), suffix);
        }

        Path back = folder.resolve("theirs." + suffix);
        duckWrite.execute(
            "CREATE OR REPLACE TABLE d AS SELECT id, i32, utf8, date32, f64 FROM '"
                + folder.resolve("ours.parquet")
                + "'");
        duckWrite.execute("COPY d TO '" + back + "' (FORMAT " + suffix + ")");
        write.execute(
            "CREATE OR REPLACE TABLE d AS SELECT id, i32, utf8, date32, f64 FROM t WHERE FALSE");
        write.execute("COPY d FROM '" + back + "'");
        assertEquals(
            rows(ours, "SELECT id, i32, utf8, date32, f64 FROM t ORDER BY id"),
            rows(ours, "SELECT * FROM d ORDER BY id"),
            suffix);
      }
    }
  }
}
