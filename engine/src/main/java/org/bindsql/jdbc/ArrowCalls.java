package org.bindsql.jdbc;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.jdbc.CalciteConnection;
import org.bindsql.engine.ArrowInsert;
import org.bindsql.engine.ArrowQuery;
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
    @Nullable Object[] parameters = (@Nullable Object[]) arguments[1];
    AtomicBoolean cancelled = new AtomicBoolean();
    Execution execution = new Execution(cancelled);
    execution.begin(session.settings().queryTimeoutMillis());
    try {
      ArrowQuery query =
          ArrowQuery.run(
              connection.createPrepareContext(),
              sql,
              Arrays.asList(parameters == null ? new Object[] {null} : parameters),
              cancelled);
      ArrowResult result =
          new ArrowResult(
              query.allocator(), query.schema(), query.batches(), execution, open::remove);
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
