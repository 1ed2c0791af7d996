package org.bindsql.jdbc;

import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * A point of a transaction.
 *
 * @param id its number if it has no name
 * @param name its name, or null
 */
record NamedSavepoint(int id, @Nullable String name) implements Savepoint {
  /** The name under which the session knows it. */
  String key() {
    return name == null ? "#" + id : name;
  }

  @Override
  public int getSavepointId() throws SQLException {
    if (name != null) {
      throw new SQLException("the savepoint has a name, not a number", "3B000");
    }
    return id;
  }

  @Override
  public String getSavepointName() throws SQLException {
    if (name == null) {
      throw new SQLException("the savepoint has a number, not a name", "3B000");
    }
    return name;
  }
}
