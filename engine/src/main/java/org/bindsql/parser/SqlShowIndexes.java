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

/** The statement {@code SHOW INDEXES [ON table]}. */
public final class SqlShowIndexes extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("SHOW INDEXES", SqlKind.OTHER);

  private final @Nullable SqlIdentifier table;

  /** Creates the statement; without a table it lists the indexes of all. */
  public SqlShowIndexes(SqlParserPos pos, @Nullable SqlIdentifier table) {
    super(pos);
    this.table = table;
  }

  /** The table, or null for all. */
  public @Nullable SqlIdentifier table() {
    return table;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return table == null ? List.of() : List.of(table);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("SHOW INDEXES");
    if (table != null) {
      writer.keyword("ON");
      table.unparse(writer, 0, 0);
    }
  }
}
