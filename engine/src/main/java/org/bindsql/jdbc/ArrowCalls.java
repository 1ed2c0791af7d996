package org.bindsql.jdbc;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.jdbc.CalciteConnection;
import org.bindsql.engine.ArrowInsert;
import org.bindsql.engine.ArrowQuery;
import org.bindsql.engine.ArrowRun;
import org.bindsql.engine.Session;
import org.jspecify.annotations.Nullable;

/** The work of {@link BindConnection}. */
final class ArrowCalls {
  private final CalciteConnection connection;
  private final Session session;
  private final Set<AutoCloseable> open;

  /**
   * Creates an instance.
   *
   * @param open what the connection closes when it is closed
   */
  ArrowCalls(CalciteConnection connection, Session session, Set<AutoCloseable> open) {
    this.connection = connection;
    this.session = session;
    this.open = open;
  }

  /** {@link BindConnection#executeArrow} with its arguments as a proxy gets them. */
  ArrowResult execute(@Nullable Object[] arguments) {
    String sql = (String) Objects.requireNonNull(arguments[0]);
    return run(
        () -> ArrowQuery.prepare(connection.createPrepareContext(), sql),
        (@Nullable Object[]) arguments[1]);
  }

  /** {@link BindConnection#prepareArrow} with its arguments as a proxy gets them. */
  ArrowStatement prepare(@Nullable Object[] arguments) {
    String sql = (String) Objects.requireNonNull(arguments[0]);
    ArrowQuery query = ArrowQuery.prepare(connection.createPrepareContext(), sql);
    return parameters -> {
      if (connection.isClosed()) {
        throw new SQLException("connection is closed", "08003");
      }
      try {
        return run(() -> query, parameters);
      } catch (RuntimeException | Error e) {
        throw SqlErrors.of(e);
      }
    };
  }

  private ArrowResult run(Supplier<ArrowQuery> query, @Nullable Object @Nullable [] parameters) {
    AtomicBoolean cancelled = new AtomicBoolean();
    Execution execution = new Execution(cancelled);
    execution.begin(session.settings().queryTimeoutMillis());
    try {
      ArrowRun run =
          query
              .get()
              .run(
                  connection.createPrepareContext(),
                  Arrays.asList(parameters == null ? new Object[] {null} : parameters),
                  cancelled);
      ArrowResult result =
          new ArrowResult(run.allocator(), run.schema(), run.batches(), execution, open::remove);
      open.add(result);
      return result;
    } catch (RuntimeException | Error e) {
      execution.end();
      throw e;
    }
  }

  /** {@link BindConnection#insertArrow} with its arguments as a proxy gets them. */
  long insert(@Nullable Object[] arguments) {
    String table = (String) Objects.requireNonNull(arguments[0]);
    ArrowReader rows = (ArrowReader) Objects.requireNonNull(arguments[1]);
    AtomicBoolean cancelled = new AtomicBoolean();
    Execution execution = new Execution(cancelled);
    execution.begin(session.settings().queryTimeoutMillis());
    try {
      return ArrowInsert.run(connection.createPrepareContext(), table, rows, cancelled);
    } finally {
      execution.end();
    }
  }
}
