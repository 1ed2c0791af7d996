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
import org.jspecify.annotations.Nullable;

/** The statement {@code ALTER TABLE [IF EXISTS] name change}. */
public final class SqlAlterTable extends SqlCall {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("ALTER TABLE", SqlKind.ALTER_TABLE);

  private final SqlIdentifier table;
  private final boolean ifExists;
  private final Change change;

  /** What is changed. */
  public sealed interface Change {
    /** Writes the change as SQL. */
    void unparse(SqlWriter writer);
  }

  /**
   * A column more.
   *
   * @param elements the column, and constraints written with it
   * @param value an expression over the other columns, or null for NULL
   */
  public record AddColumn(List<SqlNode> elements, boolean ifNotExists, @Nullable SqlNode value)
      implements Change {
    /** The column. */
    public SqlColumnDefinition column() {
      return (SqlColumnDefinition) elements.getFirst();
    }

    @Override
    public void unparse(SqlWriter writer) {
      writer.keyword(ifNotExists ? "ADD COLUMN IF NOT EXISTS" : "ADD COLUMN");
      column().unparse(writer, 0, 0);
      if (value != null) {
        writer.keyword("AS");
        SqlWriter.Frame frame = writer.startList("(", ")");
        value.unparse(writer, 0, 0);
        writer.endList(frame);
      }
    }
  }

  /** A column less. */
  public record DropColumn(SqlIdentifier column, boolean ifExists) implements Change {
    @Override
    public void unparse(SqlWriter writer) {
      writer.keyword(ifExists ? "DROP COLUMN IF EXISTS" : "DROP COLUMN");
      column.unparse(writer, 0, 0);
    }
  }

  /** Another name for a column. */
  public record RenameColumn(SqlIdentifier column, SqlIdentifier name) implements Change {
    @Override
    public void unparse(SqlWriter writer) {
      writer.keyword("RENAME COLUMN");
      column.unparse(writer, 0, 0);
      writer.keyword("TO");
      name.unparse(writer, 0, 0);
    }
  }

  /** Another name for the table. */
  public record RenameTable(SqlIdentifier name) implements Change {
    @Override
    public void unparse(SqlWriter writer) {
      writer.keyword("RENAME TO");
      name.unparse(writer, 0, 0);
    }
  }

  /** Whether a column may be NULL. */
  public record SetNullable(SqlIdentifier column, boolean nullable) implements Change {
    @Override
    public void unparse(SqlWriter writer) {
      writer.keyword("ALTER COLUMN");
      column.unparse(writer, 0, 0);
      writer.keyword(nullable ? "DROP NOT NULL" : "SET NOT NULL");
    }
  }

  /** Another type for a column. */
  public record SetType(SqlIdentifier column, SqlDataTypeSpec type) implements Change {
    @Override
    public void unparse(SqlWriter writer) {
      writer.keyword("ALTER COLUMN");
      column.unparse(writer, 0, 0);
      writer.keyword("SET DATA TYPE");
      type.unparse(writer, 0, 0);
    }
  }

  /** Creates the statement. */
  public SqlAlterTable(SqlParserPos pos, SqlIdentifier table, boolean ifExists, Change change) {
    super(pos);
    this.table = table;
    this.ifExists = ifExists;
    this.change = change;
  }

  /** The table. */
  public SqlIdentifier table() {
    return table;
  }

  /** Whether a table that does not exist is no error. */
  public boolean ifExists() {
    return ifExists;
  }

  /** What is changed. */
  public Change change() {
    return change;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(table);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(ifExists ? "ALTER TABLE IF EXISTS" : "ALTER TABLE");
    table.unparse(writer, 0, 0);
    change.unparse(writer);
  }
}
