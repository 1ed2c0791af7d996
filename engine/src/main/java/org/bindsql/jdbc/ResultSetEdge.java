package org.bindsql.jdbc;

import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The outside of a result set: binary values are bytes as objects, and hex as text. */
final class ResultSetEdge extends Edge {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final ResultSet inner;
  private final @Nullable Statement statement;
  private final @Nullable Execution execution;
  private boolean @Nullable [] binary;

  private ResultSetEdge(
      ResultSet inner, @Nullable Statement statement, @Nullable Execution execution) {
    super(inner);
    this.inner = inner;
    this.statement = statement;
    this.execution = execution;
  }

  static ResultSet wrap(
      ResultSet inner, @Nullable Statement statement, @Nullable Execution execution) {
    return wrap(ResultSet.class, new ResultSetEdge(inner, statement, execution));
  }

  @Override
  @Nullable Object call(Object self, Method method, @Nullable Object[] arguments)
      throws SQLException {
    return switch (method.getName()) {
      case "next" -> {
        boolean more = inner.next();
        if (!more) {
          end();
        }
        yield more;
      }
      case "close" -> {
        end();
        yield pass(method, arguments);
      }
      case "getString", "getNString" -> {
        int column = column(arguments);
        yield isBinary(column) ? hex(inner.getBytes(column)) : inner.getString(column);
      }
      case "getObject" -> object(method, arguments);
      case "getStatement" -> statement;
      case "getMetaData" -> wrap(ResultSetMetaData.class, new PlainEdge(inner.getMetaData()));
      default -> pass(method, arguments);
    };
  }

  private @Nullable Object object(Method method, @Nullable Object[] arguments) throws SQLException {
    int column = column(arguments);
    if (!isBinary(column)) {
      return pass(method, arguments);
    }
    return arguments.length == 2 && arguments[1] == String.class
        ? hex(inner.getBytes(column))
        : inner.getBytes(column);
  }

  private int column(@Nullable Object[] arguments) throws SQLException {
    Object column = Objects.requireNonNull(arguments[0], "column");
    return column instanceof Integer index ? index : inner.findColumn((String) column);
  }

  private boolean isBinary(int column) throws SQLException {
    boolean[] columns = binary;
    if (columns == null) {
      ResultSetMetaData metaData = inner.getMetaData();
      columns = new boolean[metaData.getColumnCount()];
      for (int i = 0; i < columns.length; i++) {
        int type = metaData.getColumnType(i + 1);
        columns[i] = type == Types.BINARY || type == Types.VARBINARY || type == Types.LONGVARBINARY;
      }
      binary = columns;
    }
    return column >= 1 && column <= columns.length && columns[column - 1];
  }

  private static @Nullable String hex(byte @Nullable [] bytes) {
    return bytes == null ? null : HEX.formatHex(bytes);
  }

  private void end() {
    if (execution != null) {
      execution.end();
    }
  }

  @Override
  SQLException failure(Throwable failure) {
    return execution == null ? SqlErrors.of(failure) : StatementEdge.failure(failure, execution);
  }
}
