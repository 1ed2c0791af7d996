package org.bindsql.lance.view;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Properties;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A view as it is kept in its folder.
 *
 * @param query the text of its query
 * @param schema name of the schema in which the query's table names are looked up
 * @param columns names and types that the view had when it was made, and has
 */
public record ViewDefinition(String query, String schema, Schema columns) {
  private static final String QUERY = "query";
  private static final String SCHEMA = "schema";
  private static final String COLUMNS = "columns";

  /** The text of the file: Java's property list. */
  String text() {
    Properties properties = new Properties();
    properties.setProperty(QUERY, query);
    properties.setProperty(SCHEMA, schema);
    properties.setProperty(COLUMNS, columns.toJson());
    StringWriter text = new StringWriter();
    try {
      properties.store(text, null);
    } catch (IOException e) {
      throw new IllegalStateException("a text takes all that is written", e);
    }
    return text.toString();
  }

  /**
   * Reads a file's text.
   *
   * @param name the view, for messages
   * @throws BindSqlException DATA_CORRUPTED if it is no view's
   */
  static ViewDefinition of(String name, String text) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
      String columns = properties.getProperty(COLUMNS);
      String query = properties.getProperty(QUERY);
      String schema = properties.getProperty(SCHEMA);
      if (columns != null && query != null && schema != null) {
        return new ViewDefinition(query, schema, Schema.fromJSON(columns));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(name, e.getMessage(), e);
    }
    throw damaged(name, "query, schema or columns are missing", null);
  }

  private static BindSqlException damaged(
      String name, @Nullable String why, @Nullable Exception cause) {
    return new BindSqlException(
        ErrorCode.DATA_CORRUPTED,
        "the file of view '" + name + "' is damaged (" + why + "); DROP VIEW removes it",
        cause);
  }
}
