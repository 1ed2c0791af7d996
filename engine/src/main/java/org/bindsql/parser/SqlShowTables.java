package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** The statement {@code SHOW TABLES [FROM schema]}. */
public final class SqlShowTables extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("SHOW TABLES", SqlKind.OTHER);

  private final @Nullable SqlIdentifier schema;

  /** Creates the statement; without a schema it lists every table. */
  public SqlShowTables(SqlParserPos pos, @Nullable SqlIdentifier schema) {
    super(pos);
    this.schema = schema;
  }

  /** The schema to list, or null for all. */
  public @Nullable SqlIdentifier schema() {
    return schema;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return schema == null ? List.of() : List.of(schema);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("SHOW");
    writer.keyword("TABLES");
    if (schema != null) {
      writer.keyword("FROM");
      schema.unparse(writer, 0, 0);
    }
  }
}
