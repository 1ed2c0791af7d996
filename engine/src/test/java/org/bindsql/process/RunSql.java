package org.bindsql.process;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Program that runs statements on a database. Arguments: its folder, then the statements. */
public final class RunSql {
  private RunSql() {}

  /** Runs the statements and writes {@code done}. */
  public static void main(String[] arguments) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + arguments[0]);
        Statement statement = connection.createStatement()) {
      for (int i = 1; i < arguments.length; i++) {
        statement.execute(arguments[i]);
      }
    }
    System.out.println("done");
  }
}
