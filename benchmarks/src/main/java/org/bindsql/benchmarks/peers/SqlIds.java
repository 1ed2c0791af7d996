package org.bindsql.benchmarks.peers;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/** Ids that a prepared query returns in its first column. */
final class SqlIds {
  private SqlIds() {}

  /** At most ten. */
  static int[] read(PreparedStatement statement) throws SQLException {
    int[] ids = new int[DataSet.K];
    int count = 0;
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        ids[count++] = rows.getInt(1);
      }
    }
    return Arrays.copyOf(ids, count);
  }
}
