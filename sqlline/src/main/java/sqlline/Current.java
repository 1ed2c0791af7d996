package sqlline;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** What we need of a running sqlline that it keeps to its own package. */
@NullMarked
public final class Current {
  private Current() {}

  /** Makes sqlline an application of ours. */
  public static void brand(SqlLine sqlLine, Application application) {
    sqlLine.setAppConfig(application);
  }

  /** The connection that statements go to, or null if there is none. */
  public static @Nullable Connection connection(SqlLine sqlLine) {
    DatabaseConnection current = sqlLine.getDatabaseConnection();
    return current == null ? null : current.connection;
  }

  /** Prints a result in one of sqlline's own formats and returns the number of rows. */
  public static int print(SqlLine sqlLine, ResultSet resultSet, DispatchCallback callback)
      throws SQLException {
    return sqlLine.print(resultSet, callback);
  }
}
