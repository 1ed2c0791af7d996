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
import org.apache.calcite.util.ImmutableNullableList;
import org.jspecify.annotations.Nullable;

/** The statement COPY, which moves rows between tables and files. */
public abstract sealed class SqlCopy extends SqlCall {
  /** The schema whose tables are files by their path; {@code FROM 'file'} names it. */
  public static final String FILES = "$file";

  private static final SqlOperator OPERATOR = new SqlSpecialOperator("COPY", SqlKind.OTHER);

  private final SqlNodeList columns;
  private final SqlLiteral file;
  private final SqlNodeList options;

  private SqlCopy(SqlParserPos pos, SqlNodeList columns, SqlLiteral file, SqlNodeList options) {
    super(pos);
    this.columns = columns;
    this.file = file;
    this.options = options;
  }

  /** The columns as identifiers; empty for all. */
  public final SqlNodeList columns() {
    return columns;
  }

  /** The path of the file. */
  public final String file() {
    return file.getValueAs(String.class);
  }

  /** The options: equalities of an identifier and a value. */
  public final SqlNodeList options() {
    return options;
  }

  @Override
  public final SqlOperator getOperator() {
    return OPERATOR;
  }

  final void unparse(SqlWriter writer, SqlIdentifier table, String direction) {
    table.unparse(writer, 0, 0);
    if (!columns.isEmpty()) {
      Unparse.list(writer, columns);
    }
    unparseFile(writer, direction);
  }

  final void unparseFile(SqlWriter writer, String direction) {
    writer.keyword(direction);
    file.unparse(writer, 0, 0);
    Unparse.options(writer, options);
  }

  /** {@code COPY table [(column, ...)] FROM 'file' [WITH (option = value, ...)]}. */
  public static final class From extends SqlCopy {
    private final SqlIdentifier table;

    /** Creates the statement. */
    public From(
        SqlParserPos pos,
        SqlIdentifier table,
        SqlNodeList columns,
        SqlLiteral file,
        SqlNodeList options) {
      super(pos, columns, file, options);
      this.table = table;
    }

    /** The table that gets the rows. */
    public SqlIdentifier table() {
      return table;
    }

    @Override
    public List<SqlNode> getOperandList() {
      return ImmutableNullableList.of(table, columns(), options());
    }

    @Override
    public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
      writer.keyword("COPY");
      unparse(writer, table, "FROM");
    }
  }

  /** {@code COPY table [(column, ...)] | (query) TO 'file' [WITH (option = value, ...)]}. */
  public static final class To extends SqlCopy {
    private final @Nullable SqlIdentifier table;
    private final @Nullable SqlNode query;
    private final SqlParserPos start;
    private final SqlParserPos end;

    /**
     * Creates the statement.
     *
     * @param table or null if there is a query
     * @param start position of the query's first token
     * @param end position of the token after the query
     */
    public To(
        SqlParserPos pos,
        @Nullable SqlIdentifier table,
        SqlNodeList columns,
        @Nullable SqlNode query,
        SqlParserPos start,
        SqlParserPos end,
        SqlLiteral file,
        SqlNodeList options) {
      super(pos, columns, file, options);
      this.table = table;
      this.query = query;
      this.start = start;
      this.end = end;
    }

    /** The table whose rows are written, or null. */
    public @Nullable SqlIdentifier table() {
      return table;
    }

    /** The query whose rows are written, or null. */
    public @Nullable SqlNode query() {
      return query;
    }

    /** Position of the query's first token. */
    public SqlParserPos start() {
      return start;
    }

    /** Position of the token after the query. */
    public SqlParserPos end() {
      return end;
    }

    @Override
    @SuppressWarnings("nullness")
    public List<SqlNode> getOperandList() {
      return ImmutableNullableList.of(table, columns(), query, options());
    }

    @Override
    public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
      writer.keyword("COPY");
      if (table != null) {
        unparse(writer, table, "TO");
      } else if (query != null) {
        SqlWriter.Frame frame = writer.startList("(", ")");
        query.unparse(writer, 0, 0);
        writer.endList(frame);
        unparseFile(writer, "TO");
      }
    }
  }
}
