package org.bindsql.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.AvaticaUtils;
import org.apache.calcite.avatica.NoSuchStatementException;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.engine.Batch;
import org.bindsql.engine.Session;
import org.bindsql.engine.Setting;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The outside of a statement or prepared statement. */
final class StatementEdge extends Edge {
  /** The statement that this thread executes. */
  private static final ThreadLocal<@Nullable Statement> EXECUTING = new ThreadLocal<>();

  private final Statement inner;
  private final Connection connection;
  private final Session session;
  private final Set<AutoCloseable> open;
  private final Execution execution;

  private StatementEdge(
      Statement inner, Connection connection, Session session, Set<AutoCloseable> open)
      throws SQLException {
    super(inner);
    this.inner = inner;
    this.connection = connection;
    this.session = session;
    this.open = open;
    open.add(inner);
    AvaticaStatement statement = (AvaticaStatement) inner;
    try {
      this.execution =
          new Execution(
              ((AvaticaConnection) statement.getConnection()).getCancelFlag(statement.handle));
    } catch (NoSuchStatementException e) {
      throw new IllegalStateException("a statement just made is unknown", e);
    }
  }

  static Statement wrap(
      Statement inner, Connection connection, Session session, Set<AutoCloseable> open)
      throws SQLException {
    return wrap(Statement.class, new StatementEdge(inner, connection, session, open));
  }

  static PreparedStatement wrapPrepared(
      PreparedStatement inner, Connection connection, Session session, Set<AutoCloseable> open)
      throws SQLException {
    return wrap(PreparedStatement.class, new StatementEdge(inner, connection, session, open));
  }

  @Override
  @Nullable Object call(Object self, Method method, @Nullable Object[] arguments)
      throws SQLException {
    String name = method.getName();
    if (name.startsWith("execute")) {
      return execute((Statement) self, method, arguments);
    }
    return switch (name) {
      case "cancel" -> {
        execution.cancel();
        yield null;
      }
      case "close" -> {
        execution.end();
        open.remove(inner);
        yield pass(method, arguments);
      }
      case "getConnection" -> connection;
      case "getResultSet" -> result((Statement) self, pass(method, arguments));
      case "getMoreResults" -> moreResults(method, arguments);
      case "getGeneratedKeys" -> noKeys();
      case "getMetaData", "getParameterMetaData" -> metaData(method, arguments);
      case "setBytes" -> setBytes(arguments);
      case "setObject" -> isBinary(arguments) ? setBytes(arguments) : pass(method, arguments);
      case "setBinaryStream" -> setStream(arguments);
      default -> pass(method, arguments);
    };
  }

  private @Nullable Object execute(Statement self, Method method, @Nullable Object[] arguments)
      throws SQLException {
    long timeout = inner.getQueryTimeout() * 1000L;
    execution.begin(timeout > 0 ? timeout : session.settings().queryTimeoutMillis());
    boolean open = false;
    EXECUTING.set(inner);
    session.allowParameters(inner instanceof PreparedStatement);
    try {
      if (method.getName().endsWith("Batch")) {
        return executeBatch(method);
      }
      // Asking for generated keys changes nothing: there are none.
      Object result =
          arguments.length > 1 ? pass(plainForm(method), arguments[0]) : pass(method, arguments);
      open = result instanceof ResultSet || Boolean.TRUE.equals(result);
      if (result instanceof Number count && count.longValue() < 0) {
        throw rowsReturned();
      }
      return result(self, result);
    } finally {
      EXECUTING.remove();
      session.allowParameters(true);
      if (!open) {
        execution.end();
      }
    }
  }

  /** Whether this thread executes the statement now. */
  static boolean isExecuting(Object statement) {
    return statement == EXECUTING.get();
  }

  /** Runs a batch as one commit where that can be; returns the counts in the method's form. */
  private Object executeBatch(Method method) throws SQLException {
    Batch batch = session.beginBatch();
    try {
      long[] reported = inner.executeLargeBatch();
      long[] counts = batch.finish(reported);
      return method.getReturnType() == long[].class ? counts : AvaticaUtils.toSaturatedInts(counts);
    } catch (SQLException | RuntimeException | Error e) {
      SQLException failure = failure(e);
      throw new BatchUpdateException(
          failure.getMessage(),
          failure.getSQLState(),
          failure.getErrorCode(),
          batch.finished(),
          failure);
    } finally {
      session.endBatch();
    }
  }

  /** Closes the result of a query that was to be an update; returns the failure. */
  private SQLException rowsReturned() throws SQLException {
    ResultSet rows = inner.getResultSet();
    if (rows != null) {
      rows.close();
    }
    return new SQLException(
        "the statement returns rows: use executeQuery", ErrorCode.BAD_ARGUMENT.sqlState());
  }

  private static Method plainForm(Method method) {
    try {
      return Statement.class.getMethod(method.getName(), String.class);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable Object result(Statement self, @Nullable Object result) {
    return result instanceof ResultSet rows ? ResultSetEdge.wrap(rows, self, execution) : result;
  }

  private @Nullable Object moreResults(Method method, @Nullable Object[] arguments)
      throws SQLException {
    execution.end();
    return pass(method, arguments);
  }

  private static final String NO_KEYS =
      "SELECT * FROM (VALUES (CAST(NULL AS BIGINT))) AS t (generated_key) WHERE FALSE";

  private ResultSet noKeys() throws SQLException {
    Statement statement = connection.createStatement();
    statement.closeOnCompletion();
    return statement.executeQuery(NO_KEYS);
  }

  private @Nullable Object metaData(Method method, @Nullable Object[] arguments)
      throws SQLException {
    Object metaData = pass(method, arguments);
    return metaData == null ? null : wrap(method.getReturnType(), new PlainEdge(metaData));
  }

  /** Whether bytes are given as an object, with a binary type or none. */
  private static boolean isBinary(@Nullable Object[] arguments) {
    return arguments[1] instanceof byte[]
        && (arguments.length == 2
            || arguments[2] instanceof Integer type
                && (type == Types.BINARY
                    || type == Types.VARBINARY
                    || type == Types.LONGVARBINARY));
  }

  private @Nullable Object setBytes(@Nullable Object[] arguments) throws SQLException {
    setBytes((int) Objects.requireNonNull(arguments[0]), (byte[]) arguments[1]);
    return null;
  }

  /**
   * Sets a parameter to these very bytes. Avatica's setBytes keeps them as base64 text, and unpacks
   * what looks like a gzip stream when it decodes that.
   */
  private void setBytes(int index, byte @Nullable [] bytes) throws SQLException {
    if (bytes == null) {
      ((PreparedStatement) inner).setNull(index, Types.VARBINARY);
    } else {
      ((PreparedStatement) inner).setObject(index, new Binary(bytes));
    }
  }

  /** A byte string of a class that Avatica does not know, and so hands on as it is. */
  private static final class Binary extends ByteString {
    Binary(byte[] bytes) {
      super(bytes);
    }
  }

  private @Nullable Object setStream(@Nullable Object[] arguments) throws SQLException {
    int index = (int) Objects.requireNonNull(arguments[0]);
    InputStream stream = (InputStream) arguments[1];
    if (stream == null) {
      setBytes(index, null);
      return null;
    }
    try {
      long length =
          arguments.length > 2
              ? ((Number) Objects.requireNonNull(arguments[2])).longValue()
              : Integer.MAX_VALUE;
      setBytes(index, stream.readNBytes((int) Math.min(length, Integer.MAX_VALUE)));
      return null;
    } catch (IOException e) {
      throw new SQLException("cannot read the stream of parameter " + index, "58030", e);
    }
  }

  @Override
  SQLException failure(Throwable failure) {
    return failure(failure, execution);
  }

  /** The SQLException for a failure of a statement, which may have been its alarm. */
  static SQLException failure(Throwable failure, Execution execution) {
    SQLException error = SqlErrors.of(failure);
    return execution.timedOut() && ErrorCode.CANCELLED.sqlState().equals(error.getSQLState())
        ? new SQLTimeoutException(
            "statement timed out (" + Setting.QUERY_TIMEOUT.sqlName() + ")",
            error.getSQLState(),
            error.getCause())
        : error;
  }
}
