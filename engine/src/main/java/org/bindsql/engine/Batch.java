package org.bindsql.engine;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.bindsql.engine.change.Retry;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Statements that are executed together.
 *
 * <p>Those in a row that change one Lance table become one commit; the rows of one INSERT with
 * several sets of parameters are appended at once. Other statements run when their turn comes.
 */
public final class Batch {
  /** A statement that waits for its run. */
  private record Entry(StatementSignature<?> statement, DataContext root) {}

  private final Session session;
  private final List<Entry> waiting = new ArrayList<>();
  private final List<@Nullable Long> counts = new ArrayList<>();

  Batch(Session session) {
    this.session = session;
  }

  /** Takes a statement that changes a Lance table; it is run later. */
  void add(StatementSignature<?> statement, DataContext root) {
    if (!waiting.isEmpty() && !waiting.getFirst().statement().changesTableOf(statement)) {
      flush();
    }
    waiting.add(new Entry(statement, root));
  }

  /** Runs what waits, since a statement comes that runs at once. */
  void turn() {
    flush();
    counts.add(null);
  }

  /** Fails: a query has no place among the statements. */
  static BindSqlException query() {
    return new BindSqlException(ErrorCode.BAD_ARGUMENT, "a batch cannot have a query");
  }

  /**
   * Runs what still waits.
   *
   * @param reported counts of the statements that ran at once, by position
   * @return the number of rows that each statement changed
   */
  public long[] finish(long[] reported) {
    flush();
    long[] all = reported.clone();
    for (int i = 0; i < all.length; i++) {
      Long count = counts.get(i);
      all[i] = count == null ? all[i] : count;
    }
    return all;
  }

  /** Counts of the statements that have run and stay, for the report of a failure. */
  public long[] finished() {
    return counts.stream().mapToLong(count -> count == null ? 0 : count).toArray();
  }

  private void flush() {
    if (waiting.isEmpty()) {
      return;
    }
    List<Entry> group = List.copyOf(waiting);
    waiting.clear();
    DataContext root = group.getFirst().root();
    counts.addAll(Retry.run(() -> together(group), root, session.retrySeconds()));
  }

  private List<Long> together(List<Entry> group) {
    List<Long> changed = new ArrayList<>();
    if (!isOneAppend(group)) {
      session.transactions().together(() -> each(group, changed));
      return changed;
    }
    List<DataContext> roots = group.stream().map(Entry::root).toList();
    for (long count : group.getFirst().statement().appendAll(roots)) {
      changed.add(count);
    }
    return changed;
  }

  private static boolean isOneAppend(List<Entry> group) {
    StatementSignature<?> first = group.getFirst().statement();
    return first.appendsRows() && group.stream().allMatch(entry -> entry.statement() == first);
  }

  private static void each(List<Entry> group, List<Long> changed) {
    for (Entry entry : group) {
      changed.add(entry.statement().change(entry.root()));
    }
  }
}
