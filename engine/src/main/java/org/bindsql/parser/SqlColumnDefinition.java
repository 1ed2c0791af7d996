package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.ImmutableNullableList;
import org.jspecify.annotations.Nullable;

/** A column of CREATE TABLE or ADD COLUMN: name, type, nullability, default and comment. */
public final class SqlColumnDefinition extends SqlCall {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("COLUMN_DECL", SqlKind.COLUMN_DECL);

  private final SqlIdentifier name;
  private final @Nullable SqlDataTypeSpec type;
  private final @Nullable Boolean nullable;
  private final @Nullable SqlNode value;
  private final @Nullable SqlNode comment;

  /**
   * Creates a column.
   *
   * @param type null if a query decides it
   * @param nullable null if the statement does not say
   * @param value the default, or null
   * @param comment a text literal, or null
   */
  public SqlColumnDefinition(
      SqlParserPos pos,
      SqlIdentifier name,
      @Nullable SqlDataTypeSpec type,
      @Nullable Boolean nullable,
      @Nullable SqlNode value,
      @Nullable SqlNode comment) {
    super(pos);
    this.name = name;
    this.type = type;
    this.nullable = nullable;
    this.value = value;
    this.comment = comment;
  }

  /** The name. */
  public SqlIdentifier name() {
    return name;
  }

  /** The type, or null if a query decides it. */
  public @Nullable SqlDataTypeSpec type() {
    return type;
  }

  /** Whether NULL is allowed, or null if the statement does not say. */
  public @Nullable Boolean nullable() {
    return nullable;
  }

  /** The default, or null. */
  public @Nullable SqlNode value() {
    return value;
  }

  /** The comment, a text literal, or null. */
  public @Nullable SqlNode comment() {
    return comment;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  @SuppressWarnings("NullAway") // Calcite's lists of operands may hold null
  public List<SqlNode> getOperandList() {
    return ImmutableNullableList.of(name, type, value, comment);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    name.unparse(writer, 0, 0);
    if (type != null) {
      type.unparse(writer, 0, 0);
    }
    if (nullable != null) {
      writer.keyword(nullable ? "NULL" : "NOT NULL");
    }
    if (value != null) {
      writer.keyword("DEFAULT");
      value.unparse(writer, 0, 0);
    }
    if (comment != null) {
      writer.keyword("COMMENT");
      comment.unparse(writer, 0, 0);
    }
  }
}
