package org.bindsql.shell;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sqlline.AbstractCommandHandler;
import sqlline.Current;
import sqlline.DispatchCallback;
import sqlline.SqlLineOpts;

/** The command {@code !sql}, which every statement is turned into. */
final class SqlCommand extends AbstractCommandHandler {
  private static final String NAME = "sql";
  private static final String PREFIX = "!" + NAME + " ";
  private static final String REFERENCE = "#";

  private final BindSqlLine shell;

  SqlCommand(BindSqlLine shell) {
    super(shell, new String[] {NAME}, "Run SQL statements, separated by ';'", List.of());
    this.shell = shell;
  }

  /** The command line that runs statements. */
  static String text(String sql) {
    return PREFIX + sql;
  }

  /** The command line that runs the statement of the given number of {@link BindSqlLine#work}. */
  static String reference(int index) {
    return PREFIX + REFERENCE + index;
  }

  /** Only the full name, so that {@code !s} and {@code !sq} stay what they are in sqlline. */
  @Override
  public @Nullable String matches(String line) {
    return line.equals(NAME) || line.startsWith(NAME + " ") ? NAME : null;
  }

  @Override
  public void execute(String line, DispatchCallback callback) {
    callback.setToSuccess();
    String rest = line.substring(NAME.length()).strip();
    if (rest.startsWith(REFERENCE)) {
      run(shell.work().get(Integer.parseInt(rest.substring(REFERENCE.length()))), callback);
      return;
    }
    for (StatementSplitter.Statement statement : StatementSplitter.split(rest)) {
      if (callback.isSuccess()) {
        run(new Shell.Work(null, statement), callback);
      }
    }
  }

  private void run(Shell.Work work, DispatchCallback callback) {
    if (shell.batch() && shell.failed()) {
      callback.setToFailure();
      return;
    }
    Connection connection = Current.connection(shell);
    if (connection == null) {
      shell.error("no connection; see !connect");
      callback.setToFailure();
      return;
    }
    String sql = work.statement().text();
    try {
      if (ResultFormat.of(shell.getOpts().getOutputFormat()) == null) {
        runAsSqlline(connection, sql, callback);
      } else {
        new StatementRunner(shell.out(), shell.err())
            .run(connection, sql, settings(), callback::trackSqlQuery);
      }
      callback.setToSuccess();
    } catch (Exception | Error e) {
      shell.error(Shell.where(work) + Failure.describe(e, sql));
      callback.setToFailure();
    } finally {
      shell.out().flush();
    }
  }

  /** Runs a statement whose result is to be in one of sqlline's own formats, such as XML. */
  private void runAsSqlline(Connection connection, String sql, DispatchCallback callback)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      callback.trackSqlQuery(statement);
      if (statement.execute(sql)) {
        Current.print(shell, statement.getResultSet(), callback);
      }
    }
  }

  private StatementRunner.Settings settings() {
    SqlLineOpts opts = shell.getOpts();
    ResultFormat format = ResultFormat.of(opts.getOutputFormat());
    String nullValue = opts.getNullValue();
    return new StatementRunner.Settings(
        format == null ? ResultFormat.TABLE : format,
        shell.batch() ? 0 : opts.getMaxWidth(),
        opts.getShowHeader(),
        nullValue == null || nullValue.equals(sqlline.SqlLineProperty.DEFAULT) ? "" : nullValue,
        !opts.getSilent() && (format == null || format.forPeople()),
        opts.getRowLimit(),
        Math.max(0, opts.getTimeout()));
  }
}
