package org.bindsql.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.jdbc.CalciteConnection;
import org.bindsql.engine.Session;
import org.jspecify.annotations.Nullable;

/** The outside of a connection. */
final class ConnectionEdge extends Edge {
  /** What the outside offers. */
  interface Both extends Connection, BindConnection {}

  private final AvaticaConnection inner;
  private final Session session;
  private final String url;
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private boolean closed;
  private int savepoints;

  private ConnectionEdge(AvaticaConnection inner, Session session, String url) {
    super(inner);
    this.inner = inner;
    this.session = session;
    this.url = url;
    session.transactions().beforeEnd(this::closeResults);
  }

  static Connection wrap(AvaticaConnection inner, Session session, String url) {
    return wrap(Both.class, new ConnectionEdge(inner, session, url));
  }

  @Override
  @Nullable Object call(Object self, Method method, @Nullable Object[] arguments)
      throws SQLException {
    Connection connection = (Connection) self;
    switch (method.getName()) {
      case "close", "abort" -> {
        close();
        return null;
      }
      case "isClosed" -> {
        return closed;
      }
      case "isValid" -> {
        return !closed && (int) argument(arguments, 0) >= 0;
      }
      default -> {}
    }
    if (closed) {
      throw new SQLException("connection is closed", "08003");
    }
    return switch (method.getName()) {
      case "createStatement" ->
          StatementEdge.wrap((Statement) result(method, arguments), connection, session, open);
      case "prepareStatement" -> prepare(connection, (String) argument(arguments, 0), arguments);
      case "prepareCall" ->
          throw new SQLFeatureNotSupportedException(
              "callable statements are not supported", "0A000");
      case "getMetaData" ->
          MetaDataEdge.wrap((DatabaseMetaData) result(method, arguments), connection, session, url);
      case "isReadOnly" -> session.readOnly();
      case "setReadOnly" -> setReadOnly((boolean) argument(arguments, 0));
      case "getAutoCommit" -> session.transactions().autoCommit();
      case "setAutoCommit" -> {
        session.transactions().setAutoCommit((boolean) argument(arguments, 0));
        session.committed();
        yield null;
      }
      case "commit" -> commit();
      case "rollback" -> rollback(arguments);
      case "setSavepoint" -> savepoint(arguments);
      case "releaseSavepoint" -> {
        session.transactions().release(((NamedSavepoint) argument(arguments, 0)).key());
        yield null;
      }
      case "getTransactionIsolation" -> Connection.TRANSACTION_REPEATABLE_READ;
      case "setTransactionIsolation" -> isolation((int) argument(arguments, 0));
      case "setCatalog" -> null;
      case "getCatalog" -> null;
      case "setSchema" -> {
        inner.setSchema(session.schemaNamed((String) argument(arguments, 0)));
        yield null;
      }
      case "getHoldability" -> ResultSet.CLOSE_CURSORS_AT_COMMIT;
      case "setHoldability" -> null;
      case "getWarnings", "clearWarnings" -> null;
      case "executeArrow" -> arrow().execute(arguments);
      case "prepareArrow" -> arrow().prepare(arguments);
      case "insertArrow" -> arrow().insert(arguments);
      default -> pass(method, arguments);
    };
  }

  private ArrowCalls arrow() throws SQLException {
    return new ArrowCalls(inner.unwrap(CalciteConnection.class), session, open);
  }

  private static void close(AutoCloseable statement) throws SQLException {
    try {
      statement.close();
    } catch (SQLException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new SQLException(e);
    }
  }

  private PreparedStatement prepare(Connection connection, String sql, @Nullable Object[] arguments)
      throws SQLException {
    // The further arguments ask for generated keys, of which there are none, or for kinds of
    // result sets; forward-only is the kind there is.
    if (arguments.length >= 3
        && !Integer.valueOf(ResultSet.TYPE_FORWARD_ONLY).equals(arguments[1])) {
      throw new SQLFeatureNotSupportedException("result sets are forward only", "0A000");
    }
    PreparedStatement statement =
        inner.prepareStatement(
            sql,
            ResultSet.TYPE_FORWARD_ONLY,
            ResultSet.CONCUR_READ_ONLY,
            ResultSet.HOLD_CURSORS_OVER_COMMIT);
    return StatementEdge.wrapPrepared(statement, connection, session, open);
  }

  private @Nullable Object commit() {
    session.transactions().commit();
    session.committed();
    return null;
  }

  private @Nullable Object rollback(@Nullable Object[] arguments) throws SQLException {
    if (arguments.length > 0) {
      session.transactions().rollbackTo(((NamedSavepoint) argument(arguments, 0)).key());
      return null;
    }
    session.transactions().rollback();
    boolean wrote = session.wroteSinceCommit() && !session.transactions().autoCommit();
    session.committed();
    if (wrote) {
      throw new SQLFeatureNotSupportedException(
          "statements ran that are no part of a transaction, such as CREATE TABLE: what they did"
              + " is not rolled back",
          "0A000");
    }
    return null;
  }

  private Savepoint savepoint(@Nullable Object[] arguments) throws SQLException {
    NamedSavepoint savepoint =
        arguments.length == 0
            ? new NamedSavepoint(++savepoints, null)
            : new NamedSavepoint(0, (String) argument(arguments, 0));
    session.transactions().savepoint(savepoint.key());
    return savepoint;
  }

  private static @Nullable Object isolation(int level) throws SQLException {
    if (level == Connection.TRANSACTION_SERIALIZABLE) {
      throw new SQLFeatureNotSupportedException(
          "a transaction reads one snapshot (REPEATABLE READ); it is not SERIALIZABLE", "0A000");
    }
    return null; // what there is is stronger than the others
  }

  /** Closes what reads the versions of a transaction that is about to end. */
  private void closeResults() {
    for (AutoCloseable running : open) {
      if (StatementEdge.isExecuting(running)) {
        continue; // the COMMIT or ROLLBACK itself
      }
      try {
        if (running instanceof Statement statement) {
          ResultSet result = statement.getResultSet();
          if (result != null) {
            result.close();
          }
        } else {
          running.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void close() throws SQLException {
    if (!closed) {
      closed = true;
      try {
        // A result set left open holds memory of the database.
        for (AutoCloseable statement : open) {
          close(statement);
        }
        session.transactions().rollback();
        inner.close();
      } finally {
        session.database().close();
      }
    }
  }

  private Object result(Method method, @Nullable Object[] arguments) throws SQLException {
    Object result = pass(method, arguments);
    if (result == null) {
      throw new IllegalStateException(method.getName());
    }
    return result;
  }

  private @Nullable Object setReadOnly(boolean value) {
    session.setReadOnly(value);
    return null;
  }

  private static Object argument(@Nullable Object[] arguments, int index) throws SQLException {
    Object argument = arguments[index];
    if (argument == null) {
      throw new SQLException("argument " + (index + 1) + " is null", "22004");
    }
    return argument;
  }
}
