package org.bindsql.engine.copy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.DataContext;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.bindsql.engine.QueryBatches;
import org.bindsql.engine.Session;
import org.bindsql.engine.StatementContext;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.engine.change.Retry;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.engine.dialect.SqlText;
import org.bindsql.engine.run.ResultBatches;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.files.ArrowFile;
import org.bindsql.files.CsvFile;
import org.bindsql.files.CsvOptions;
import org.bindsql.files.FileOutput;
import org.bindsql.files.FileSource;
import org.bindsql.files.ParquetFile;
import org.bindsql.files.RejectedRows;
import org.bindsql.parser.SqlCopy;

/** The work of COPY. */
public final class CopyStatements {
  private final Session session;
  private final BindContext context;

  /** Statements of a session; names are resolved as in the context. */
  public CopyStatements(Session session, BindContext context) {
    this.session = session;
    this.context = context;
  }

  /**
   * Adds the rows of a file to a table in one commit, or as part of the transaction under way;
   * returns how many.
   */
  public long from(SqlCopy.From copy, DataContext root) {
    session.checkWritable("COPY FROM");
    return Retry.run(() -> load(copy, root), root, session.retrySeconds());
  }

  private long load(SqlCopy.From copy, DataContext root) {
    session.beginStatement(); // also before the file is read again
    TableName name = TableName.resolve(copy.table(), context);
    TableLoad load = TableLoad.into(name);
    CopyOptions options = CopyOptions.reading(copy.file(), copy.options());
    RejectedRows rejected = options.rejected();
    Path file = session.storage().fileToRead(copy.file());
    Schema table = load.table().arrowSchema();
    List<Field> columns = columns(copy.columns(), table, load.name());
    CsvOptions csv = options.csv();
    FileSource source =
        switch (options.format()) {
          case CSV ->
              CsvFile.forTable(
                  file, csv == null ? CsvOptions.of(copy.file()) : csv, table, columns, rejected);
          case PARQUET -> ParquetFile.of(file);
          case ARROW -> ArrowFile.of(file);
        };
    StatementContext statement = new StatementContext(root, session, List.of(), null);
    try (StatementScope scope = statement.scope();
        Copies.Progress progress =
            session.database().copies().begin("FROM", load.name(), copy.file())) {
      ExecutionContext execution = statement.open();
      try (var memory = execution.allocator()) {
        int[] wanted = positions(columns, source.schema(), copy.file());
        List<Field> fields = new ArrayList<>();
        for (int column : wanted) {
          fields.add(source.schema().getFields().get(column));
        }
        return load.append(
            progress.count(source.open(wanted, execution)), new Schema(fields), execution);
      }
    } finally {
      session.copyErrors(rejected.messages());
    }
  }

  /** The columns named, of the table. */
  private static List<Field> columns(SqlNodeList names, Schema table, String tableName) {
    List<Field> columns = new ArrayList<>();
    for (SqlNode name : names) {
      String text = ((SqlIdentifier) name).getSimple();
      columns.add(
          table.getFields().stream()
              .filter(field -> field.getName().equalsIgnoreCase(text))
              .findFirst()
              .orElseThrow(() -> noColumn(tableName, text)));
    }
    return columns;
  }

  /** Positions of the columns in the file; of all that it has if none are named. */
  private static int[] positions(List<Field> columns, Schema file, String path) {
    List<Field> fields = file.getFields();
    if (columns.isEmpty()) {
      return IntStream.range(0, fields.size()).toArray();
    }
    return columns.stream()
        .mapToInt(column ->
            IntStream.range(0, fields.size())
                .filter(i -> fields.get(i).getName().equalsIgnoreCase(column.getName()))
                .findFirst()
                .orElseThrow(() ->
                    new BindSqlException(
                        ErrorCode.NO_SUCH_COLUMN,
                        "file '" + path + "' has no column '" + column.getName() + "'")))
        .toArray();
  }

  /** Writes the rows of a query to a file; returns how many. */
  public long to(SqlCopy.To copy, QueryBatches query, DataContext root) {
    CopyOptions options = CopyOptions.writing(copy.file(), copy.options());
    FileOutput output =
        new FileOutput(session.storage().fileToWrite(copy.file()), options.overwrite());
    output.check();
    SqlIdentifier table = copy.table();
    ResultBatches rows = query.open(root);
    try (rows;
        Copies.Progress progress =
            session
                .database()
                .copies()
                .begin("TO", table == null ? null : table.toString(), copy.file())) {
      return output.write(
          options.format(), options.csv(), query.schema(), progress.count(rows), rows.execution());
    }
  }

  /** Fails if a table that COPY writes, or a column of it, does not exist. */
  public static void check(TableName name, SqlNodeList columns, BindContext context) {
    name.check();
    RelDataType rows =
        Objects.requireNonNull(name.entry()).getTable().getRowType(context.getTypeFactory());
    for (SqlNode column : columns) {
      String text = ((SqlIdentifier) column).getSimple();
      if (rows.getField(text, false, false) == null) {
        throw noColumn(name.table(), text);
      }
    }
  }

  private static BindSqlException noColumn(String table, String column) {
    return new BindSqlException(
        ErrorCode.NO_SUCH_COLUMN, "table '" + table + "' has no column '" + column + "'");
  }

  /** The query whose rows COPY writes, as text with its positions in the statement kept. */
  public static String query(String sql, SqlCopy.To copy) {
    SqlIdentifier table = copy.table();
    if (table != null) {
      return "SELECT "
          + (copy.columns().isEmpty()
              ? "*"
              : copy.columns().stream()
                  .map(CopyStatements::quoted)
                  .collect(Collectors.joining(", ")))
          + " FROM "
          + quoted(table);
    }
    int length = SqlText.offset(sql, copy.end());
    return SqlText.blankBefore(sql.substring(0, length), copy.start());
  }

  private static String quoted(SqlNode name) {
    return ((SqlIdentifier) name)
        .names.stream()
            .map(part -> '"' + part.replace("\"", "\"\"") + '"')
            .collect(Collectors.joining("."));
  }
}
