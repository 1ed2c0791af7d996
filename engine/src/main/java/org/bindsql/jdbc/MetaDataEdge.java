package org.bindsql.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.bindsql.engine.Session;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.error.Redaction;
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
      case "getURL" -> Redaction.redact(url);
      case "isReadOnly" -> session.readOnly();
      case "supportsGetGeneratedKeys" -> false;
      case "supportsTransactions", "supportsSavepoints", "supportsBatchUpdates" -> true;
      case "getDefaultTransactionIsolation" -> Connection.TRANSACTION_REPEATABLE_READ;
      case "supportsTransactionIsolationLevel" ->
          arguments[0] instanceof Integer level
              && level != Connection.TRANSACTION_NONE
              && level != Connection.TRANSACTION_SERIALIZABLE;
      case "getResultSetHoldability" -> ResultSet.CLOSE_CURSORS_AT_COMMIT;
      case "getDatabaseProductName" -> "BindSQL";
      case "getIdentifierQuoteString" -> "\"";
      case "storesMixedCaseIdentifiers", "storesMixedCaseQuotedIdentifiers" -> true;
      case "storesUpperCaseIdentifiers",
          "storesLowerCaseIdentifiers",
          "supportsMixedCaseIdentifiers",
          "supportsMixedCaseQuotedIdentifiers" ->
          false;
      case "getCatalogs" -> query(NO_CATALOGS);
      case "getFunctions" -> functions((String) arguments[2]);
      case "getPrimaryKeys" -> primaryKeys((String) arguments[1], (String) arguments[2]);
      default -> {
        Object result = pass(method, arguments);
        yield result instanceof ResultSet rows ? ResultSetEdge.wrap(rows, null, null) : result;
      }
    };
  }

  private static final String NO_CATALOGS =
      "SELECT * FROM (VALUES (CAST(NULL AS VARCHAR))) AS t (TABLE_CAT) WHERE FALSE";

  private static final String FUNCTIONS =
      """
      SELECT CAST(NULL AS VARCHAR) AS FUNCTION_CAT, CAST(NULL AS VARCHAR) AS FUNCTION_SCHEM,
        function_name AS FUNCTION_NAME, signature AS REMARKS,
        CAST(%d AS SMALLINT) AS FUNCTION_TYPE, function_name AS SPECIFIC_NAME
      FROM information_schema.functions
      WHERE function_name LIKE '%s' ORDER BY function_name
      """;

  /** Our functions, which belong to no schema. */
  private ResultSet functions(@Nullable String pattern) throws SQLException {
    String like = pattern == null ? "%" : pattern.replace("'", "''").toLowerCase(Locale.ROOT);
    return query(String.format(Locale.ROOT, FUNCTIONS, DatabaseMetaData.functionNoTable, like));
  }

  private static final String PRIMARY_KEYS =
      """
      SELECT CAST(NULL AS VARCHAR) AS TABLE_CAT, table_schema AS TABLE_SCHEM,
        table_name AS TABLE_NAME, column_name AS COLUMN_NAME,
        CAST(ordinal_position AS SMALLINT) AS KEY_SEQ, constraint_name AS PK_NAME
      FROM information_schema.key_column_usage
      WHERE %s ORDER BY column_name
      """;

  /** The columns of a table's primary key; a schema of null is any. */
  private ResultSet primaryKeys(@Nullable String schema, @Nullable String table)
      throws SQLException {
    if (table == null) {
      throw SqlErrors.of(
          new BindSqlException(
              ErrorCode.BAD_ARGUMENT, "getPrimaryKeys: the table is null, expected its name"));
    }
    String named = "table_name = " + literal(table);
    return query(
        String.format(
            Locale.ROOT,
            PRIMARY_KEYS,
            schema == null ? named : named + " AND table_schema = " + literal(schema)));
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private ResultSet query(String sql) throws SQLException {
    Statement statement = connection.createStatement();
    statement.closeOnCompletion();
    return statement.executeQuery(sql);
  }
}
