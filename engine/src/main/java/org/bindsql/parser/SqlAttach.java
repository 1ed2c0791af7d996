package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.bindsql.error.Redaction;

/**
 * The statement {@code ATTACH [IF NOT EXISTS] 'place' AS name [[WITH] (option value, ...)] [READ
 * ONLY]}. Written out again it does not show the values of its options.
 */
public final class SqlAttach extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("ATTACH", SqlKind.OTHER_DDL);

  private final boolean ifNotExists;
  private final SqlNode place;
  private final SqlIdentifier name;
  private final SqlNodeList options;
  private final boolean readOnly;

  /**
   * Creates the statement.
   *
   * @param place a text literal
   * @param name of one part
   * @param options equalities of an identifier and a value; may be empty
   */
  public SqlAttach(
      SqlParserPos pos,
      boolean ifNotExists,
      SqlNode place,
      SqlIdentifier name,
      SqlNodeList options,
      boolean readOnly) {
    super(pos);
    this.ifNotExists = ifNotExists;
    this.place = place;
    this.name = name;
    this.options = options;
    this.readOnly = readOnly;
  }

  /** Whether a schema of that name may be there already. */
  public boolean ifNotExists() {
    return ifNotExists;
  }

  /** The path or URI. */
  public String place() {
    return ((SqlLiteral) place).getValueAs(String.class);
  }

  /** The schema's name. */
  public String name() {
    return name.getSimple();
  }

  /** The options: equalities of an identifier and a value. */
  public SqlNodeList options() {
    return options;
  }

  /** Whether its tables may only be read. */
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(place, name, options);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(ifNotExists ? "ATTACH IF NOT EXISTS" : "ATTACH");
    writer.literal("'" + Redaction.redact(place()).replace("'", "''") + "'");
    writer.keyword("AS");
    name.unparse(writer, 0, 0);
    if (!options.isEmpty()) {
      writer.keyword("WITH");
      Unparse.masked(writer, options);
    }
    if (readOnly) {
      writer.keyword("READ ONLY");
    }
  }
}
