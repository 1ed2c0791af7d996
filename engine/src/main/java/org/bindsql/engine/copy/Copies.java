package org.bindsql.engine.copy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** The COPY statements that run in a database, and how far they are. */
public final class Copies {
  private final Set<Progress> running = ConcurrentHashMap.newKeySet();

  /** One COPY, until closed. */
  final class Progress implements AutoCloseable {
    private final String direction;
    private final @Nullable String table;
    private final String file;
    private final long start = System.nanoTime();
    private final AtomicLong rows = new AtomicLong();

    private Progress(String direction, @Nullable String table, String file) {
      this.direction = direction;
      this.table = table;
      this.file = file;
    }

    /** The same batches, counted. */
    BatchReader count(BatchReader reader) {
      return new BatchReader() {
        @Override
        public @Nullable Batch next() {
          Batch batch = reader.next();
          if (batch != null) {
            rows.addAndGet(batch.selection().count());
          }
          return batch;
        }

        @Override
        public void close() {
          reader.close();
        }
      };
    }

    @Override
    public void close() {
      running.remove(this);
    }
  }

  /**
   * Notes a COPY that begins.
   *
   * @param table or null for a query
   */
  Progress begin(String direction, @Nullable String table, String file) {
    Progress progress = new Progress(direction, table, file);
    running.add(progress);
    return progress;
  }

  /** Rows of {@code system.copies}: direction, table, file, rows so far, seconds so far. */
  public List<@Nullable Object[]> rows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Progress copy : running) {
      rows.add(
          new @Nullable Object[] {
            copy.direction,
            copy.table,
            copy.file,
            copy.rows.get(),
            (System.nanoTime() - copy.start) / 1e9
          });
    }
    return rows;
  }
}
