package org.bindsql.shell;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs one statement and writes its results to one stream and what there is to say to another. */
public final class StatementRunner {
  /**
   * How results look.
   *
   * @param format format of results
   * @param screen characters in a line of a table, or 0 for no limit
   * @param header whether column names are printed
   * @param nullText what stands for NULL where people read
   * @param chatter whether row counts and times are reported
   * @param maxRows most rows of a result, or 0 for all
   * @param timeout seconds until a statement is cancelled, or 0 for never
   */
  public record Settings(
      ResultFormat format,
      int screen,
      boolean header,
      String nullText,
      boolean chatter,
      int maxRows,
      int timeout) {
    /** Settings of a run that is not interactive. */
    public static Settings batch(ResultFormat format) {
      return new Settings(format, 0, true, "", format.forPeople(), 0, 0);
    }
  }

  private final PrintStream out;
  private final PrintStream err;

  /** Creates a runner that writes results to {@code out} and messages to {@code err}. */
  public StatementRunner(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs a statement and reads its result to the end.
   *
   * @param running told the statement before it starts, so that it can be cancelled
   */
  public void run(Connection connection, String sql, Settings settings, Consumer<Statement> running)
      throws SQLException {
    long start = System.nanoTime();
    try (Statement statement = connection.createStatement()) {
      if (settings.maxRows() > 0) {
        statement.setMaxRows(settings.maxRows());
      }
      if (settings.timeout() > 0) {
        statement.setQueryTimeout(settings.timeout());
      }
      running.accept(statement);
      boolean result = statement.execute(sql);
      warn(statement.getWarnings());
      if (result) {
        long rows;
        try (ResultSet resultSet = statement.getResultSet()) {
          rows = write(resultSet, settings);
        } finally {
          out.flush();
        }
        report(rows + (rows == 1 ? " row" : " rows"), start, settings);
      } else {
        long rows = statement.getUpdateCount();
        report(
            rows <= 0 ? "OK" : rows + (rows == 1 ? " row affected" : " rows affected"),
            start,
            settings);
      }
    }
  }

  private long write(ResultSet resultSet, Settings settings) throws SQLException {
    ResultSetMetaData meta = resultSet.getMetaData();
    int count = meta.getColumnCount();
    int[] types = new int[count];
    List<ResultWriter.Column> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types[i] = meta.getColumnType(i + 1);
      columns.add(new ResultWriter.Column(meta.getColumnLabel(i + 1), isNumber(types[i])));
    }
    ResultWriter writer = writer(settings);
    writer.begin(columns);
    long rows = 0;
    while (resultSet.next()) {
      List<@Nullable Object> values = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        values.add(Values.read(resultSet, i + 1, types[i]));
      }
      writer.row(values);
      rows++;
    }
    writer.end();
    return rows;
  }

  private ResultWriter writer(Settings settings) {
    return switch (settings.format()) {
      case TABLE -> new TableWriter(out, settings.screen(), settings.header(), settings.nullText());
      case VERTICAL -> new VerticalWriter(out, settings.nullText());
      case CSV -> new SeparatedWriter(out, ',', settings.header());
      case TSV -> new SeparatedWriter(out, '\t', settings.header());
      case JSON -> new JsonWriter(out);
    };
  }

  private static boolean isNumber(int type) {
    return switch (type) {
      case Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE,
          Types.DECIMAL,
          Types.NUMERIC ->
          true;
      default -> false;
    };
  }

  private void warn(@Nullable SQLWarning first) {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      err.println("WARNING " + warning.getSQLState() + ": " + warning.getMessage());
    }
  }

  private void report(String what, long start, Settings settings) {
    if (settings.chatter()) {
      double seconds = (System.nanoTime() - start) / 1e9;
      err.println(what + String.format(Locale.ROOT, " (%.3f s)", seconds));
    }
  }
}
