package org.bindsql.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.bindsql.engine.Session;
import org.jspecify.annotations.Nullable;

/** The outside of the database's metadata. */
final class MetaDataEdge extends Edge {
  private final Connection connection;
  private final Session session;
  private final String url;

  private MetaDataEdge(DatabaseMetaData inner, Connection connection, Session session, String url) {
    super(inner);
    this.connection = connection;
    this.session = session;
    this.url = url;
  }

  static DatabaseMetaData wrap(
      DatabaseMetaData inner, Connection connection, Session session, String url) {
    return wrap(DatabaseMetaData.class, new MetaDataEdge(inner, connection, session, url));
  }

  @Override
  @Nullable Object call(Object self, Method method, @Nullable Object[] arguments)
      throws SQLException {
    return switch (method.getName()) {
      case "getConnection" -> connection;
      case "getURL" -> url;
      case "isReadOnly" -> session.readOnly();
      case "supportsGetGeneratedKeys", "supportsTransactions" -> false;
      case "getDatabaseProductName" -> "BindSQL";
      case "getIdentifierQuoteString" -> "\"";
      case "storesMixedCaseIdentifiers", "storesMixedCaseQuotedIdentifiers" -> true;
      case "storesUpperCaseIdentifiers",
          "storesLowerCaseIdentifiers",
          "supportsMixedCaseIdentifiers",
          "supportsMixedCaseQuotedIdentifiers" ->
          false;
      default -> {
        Object result = pass(method, arguments);
        yield result instanceof ResultSet rows ? ResultSetEdge.wrap(rows, null, null) : result;
      }
    };
  }
}
