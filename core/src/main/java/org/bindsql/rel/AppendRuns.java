package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;

/**
 * Several runs of one INSERT, with other parameters each, whose rows are appended in one commit.
 *
 * <p>The application puts it among the variables of every run's context; a run then adds its rows
 * here instead of appending them, and {@link #append} reads and appends those of all.
 */
public final class AppendRuns {
  /** Name of the variable that holds the runs. */
  public static final String VARIABLE = "bindsql.appendRuns";

  private final List<Enumerable<Object>> runs = new ArrayList<>();
  private @Nullable ChangeRun last;

  /** Creates an instance without runs. */
  public AppendRuns() {}

  void add(ChangeRun run, Enumerable<Object> rows) {
    last = run;
    runs.add(rows);
  }

  /**
   * Appends the rows of all runs.
   *
   * @param root the context of one of them
   * @return number of rows of each run
   */
  public long[] append(DataContext root) {
    ChangeRun run = last;
    long[] counts = new long[runs.size()];
    if (run != null) {
      run.append(root, new Rows(counts));
    }
    return counts;
  }

  /** The rows of all runs, one run after the other. */
  private final class Rows implements Enumerator<Object> {
    private final long[] counts;
    private int next;
    private @Nullable Enumerator<Object> rows;

    Rows(long[] counts) {
      this.counts = counts;
    }

    @Override
    public Object current() {
      if (rows == null) {
        throw new NoSuchElementException();
      }
      return rows.current();
    }

    @Override
    public boolean moveNext() {
      while (true) {
        if (rows != null && rows.moveNext()) {
          counts[next - 1]++;
          return true;
        }
        close();
        if (next == runs.size()) {
          return false;
        }
        rows = runs.get(next++).enumerator();
      }
    }

    @Override
    public void reset() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      if (rows != null) {
        rows.close();
        rows = null;
      }
    }
  }
}
