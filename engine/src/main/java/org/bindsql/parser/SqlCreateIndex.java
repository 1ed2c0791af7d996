package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.ImmutableNullableList;
import org.jspecify.annotations.Nullable;

/**
 * The statement {@code CREATE [OR REPLACE] INDEX [IF NOT EXISTS] name ON table (column, ...) [USING
 * kind] [WITH (option = value, ...)]}.
 */
public final class SqlCreateIndex extends SqlCreate {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("CREATE INDEX", SqlKind.CREATE_INDEX);

  private final SqlIdentifier name;
  private final SqlIdentifier table;
  private final SqlNodeList columns;
  private final @Nullable SqlIdentifier kind;
  private final SqlNodeList options;

  /**
   * Creates the statement.
   *
   * @param columns identifiers, at least one
   * @param kind the word after USING, or null
   * @param options equalities of an identifier and a value; may be empty
   */
  public SqlCreateIndex(
      SqlParserPos pos,
      boolean replace,
      boolean ifNotExists,
      SqlIdentifier name,
      SqlIdentifier table,
      SqlNodeList columns,
      @Nullable SqlIdentifier kind,
      SqlNodeList options) {
    super(OPERATOR, pos, replace, ifNotExists);
    this.name = name;
    this.table = table;
    this.columns = columns;
    this.kind = kind;
    this.options = options;
  }

  /** Whether an index of the name may be there already. */
  public boolean ifNotExists() {
    return ifNotExists;
  }

  /** The index's name, of one part. */
  public SqlIdentifier name() {
    return name;
  }

  /** The table. */
  public SqlIdentifier table() {
    return table;
  }

  /** The indexed columns: identifiers. */
  public SqlNodeList columns() {
    return columns;
  }

  /** The word after USING, or null. */
  public @Nullable SqlIdentifier kind() {
    return kind;
  }

  /** The options: equalities of an identifier and a value. */
  public SqlNodeList options() {
    return options;
  }

  @Override
  @SuppressWarnings("nullness")
  public List<SqlNode> getOperandList() {
    return ImmutableNullableList.of(name, table, columns, kind, options);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(getReplace() ? "CREATE OR REPLACE INDEX" : "CREATE INDEX");
    if (ifNotExists) {
      writer.keyword("IF NOT EXISTS");
    }
    name.unparse(writer, 0, 0);
    writer.keyword("ON");
    table.unparse(writer, 0, 0);
    Unparse.list(writer, columns);
    if (kind != null) {
      writer.keyword("USING");
      kind.unparse(writer, 0, 0);
    }
    Unparse.options(writer, options);
  }
}
