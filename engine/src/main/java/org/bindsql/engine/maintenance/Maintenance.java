package org.bindsql.engine.maintenance;

import static org.bindsql.engine.catalog.CatalogTable.Column.count;
import static org.bindsql.engine.catalog.CatalogTable.Column.nullableText;
import static org.bindsql.engine.catalog.CatalogTable.Column.text;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.calcite.schema.lookup.LikePattern;
import org.bindsql.engine.Setting;
import org.bindsql.engine.Settings;
import org.bindsql.engine.catalog.CatalogTable;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceSchema;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.upkeep.Upkeep;
import org.bindsql.lance.upkeep.UpkeepThresholds;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tables of a database in shape in the background: merges small fragments, writes
 * deletions out, brings indexes up to date and removes old versions.
 *
 * <p>One thread goes from table to table, on handles of its own. It never waits for a statement nor
 * makes one wait; where it loses a race it tries again in a later round. A failure is noted in
 * {@code system.maintenance} and nowhere else.
 */
public final class Maintenance implements AutoCloseable {
  /** Columns of {@code system.maintenance}. */
  public static final List<CatalogTable.Column> COLUMNS =
      List.of(
          text("table_schema"),
          text("table_name"),
          nullableText("last_optimized"),
          nullableText("last_vacuumed"),
          count("fragments_removed"),
          count("fragments_added"),
          count("rows_indexed"),
          count("old_versions_removed"),
          count("bytes_removed"),
          nullableText("last_error"),
          nullableText("last_error_at"));

  /** A table whose newest version is younger is left alone, unless it needs care urgently. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  /** Old versions are looked for this often. */
  private static final Duration VACUUM_INTERVAL = Duration.ofHours(1);

  /** How many times the fragments that are due for a merge are too many to wait for quiet. */
  private static final int URGENT = 8;

  private static final long CLOSE_MILLIS = 1500;

  /** What was done to a table since the database was opened. */
  private static final class Care {
    @Nullable Instant optimized;
    @Nullable Instant vacuumed;
    long fragmentsRemoved;
    long fragmentsAdded;
    long rowsIndexed;
    long versionsRemoved;
    long bytesRemoved;
    @Nullable String error;
    @Nullable Instant errorAt;

    @Nullable Object[] row(String table) {
      return new @Nullable Object[] {
        TableName.DEFAULT_SCHEMA,
        table,
        text(optimized),
        text(vacuumed),
        fragmentsRemoved,
        fragmentsAdded,
        rowsIndexed,
        versionsRemoved,
        bytesRemoved,
        error,
        text(errorAt)
      };
    }

    private static @Nullable String text(@Nullable Instant instant) {
      return instant == null ? null : instant.toString();
    }
  }

  private final LanceSchema tables;
  private final Settings settings;
  private final InstantSource clock;
  private final Map<String, Care> records = new TreeMap<>();
  private final Map<String, Instant> nextVacuum = new TreeMap<>();
  private @Nullable Thread thread;
  private volatile boolean closed;

  /**
   * Creates maintenance, which does nothing before {@link #start} but what {@link #round} is asked.
   *
   * @param settings the database's
   */
  public Maintenance(LanceSchema tables, Settings settings, InstantSource clock) {
    this.tables = tables;
    this.settings = settings;
    this.clock = clock;
  }

  /** Starts the thread, unless it runs. */
  public synchronized void start() {
    if (thread == null && !closed) {
      thread = Thread.ofPlatform().daemon().name("bindsql-maintenance").start(this::run);
    }
  }

  /** Whether the thread runs. */
  synchronized boolean isRunning() {
    return thread != null && thread.isAlive();
  }

  private void run() {
    while (pause()) {
      try {
        round();
      } catch (RuntimeException | LinkageError e) {
        note("", e);
      }
    }
  }

  /** Waits for the next round; false if there is none. */
  private synchronized boolean pause() {
    long start = System.nanoTime();
    try {
      while (!closed) {
        // Looked at now and then: a statement may have changed it.
        long interval = settings.getLong(Setting.MAINTENANCE_PAUSE) * 1000;
        long left = interval - (System.nanoTime() - start) / 1_000_000;
        if (left <= 0) {
          return true;
        }
        wait(Math.min(left, 1000));
      }
    } catch (InterruptedException e) {
      return false;
    }
    return false;
  }

  /** Looks after every table once, on the caller's thread. */
  void round() {
    String mode = settings.get(Setting.MAINTENANCE);
    if (mode.equals("off") || (!tables.location().isLocal() && !mode.equals("all"))) {
      return;
    }
    for (String name : new TreeSet<>(tables.tables().getNames(LikePattern.any()))) {
      if (closed) {
        return;
      }
      try {
        LanceTable table = tables.table(name);
        if (table != null) {
          optimize(name, table);
          vacuum(name, table);
        }
      } catch (RuntimeException e) {
        note(name, e);
      }
    }
  }

  private void optimize(String name, LanceTable table) {
    long fragments = settings.getLong(Setting.MAINTENANCE_FRAGMENTS);
    UpkeepThresholds thresholds =
        Upkeep.isQuiet(table, clock.instant(), QUIET)
            ? new UpkeepThresholds(
                fragments,
                settings.getDouble(Setting.MAINTENANCE_DELETED),
                settings.getDouble(Setting.MAINTENANCE_UNINDEXED))
            : new UpkeepThresholds(fragments * URGENT, Double.MAX_VALUE, Double.MAX_VALUE);
    Upkeep.Optimization due = thresholds.due(table);
    if (due == null || Upkeep.hasTransaction(table)) {
      return;
    }
    Upkeep.Optimized done = Upkeep.optimize(table, due, () -> checkpoint(table));
    synchronized (this) {
      Care care = care(name);
      care.optimized = clock.instant();
      care.fragmentsRemoved += done.fragmentsRemoved();
      care.fragmentsAdded += done.fragmentsAdded();
      care.rowsIndexed += done.rowsIndexed();
    }
  }

  private void checkpoint(LanceTable table) {
    if (closed) {
      throw new BindSqlException(ErrorCode.CANCELLED, "the database is being closed");
    }
    if (Upkeep.hasTransaction(table)) {
      throw new BindSqlException(
          ErrorCode.CANCELLED, "a transaction has changed table " + table.name());
    }
  }

  private void vacuum(String name, LanceTable table) {
    long seconds = settings.getLong(Setting.MAINTENANCE_RETENTION);
    Instant now = clock.instant();
    if (seconds == 0 || closed || now.isBefore(nextVacuum.getOrDefault(name, Instant.MIN))) {
      return;
    }
    nextVacuum.put(name, now.plus(VACUUM_INTERVAL));
    Upkeep.Removed removed =
        Upkeep.vacuum(table, new Upkeep.Retention(now.minusSeconds(seconds), 1, false, false));
    if (removed.versions() > 0 || removed.bytes() > 0) {
      synchronized (this) {
        Care care = care(name);
        care.vacuumed = now;
        care.versionsRemoved += removed.versions();
        care.bytesRemoved += removed.bytes();
      }
    }
  }

  private synchronized void note(String name, Throwable failure) {
    if (closed || (failure instanceof BindSqlException e && e.code() == ErrorCode.CANCELLED)) {
      return;
    }
    Care care = care(name);
    care.error =
        failure instanceof BindSqlException own
            ? own.code().sqlState() + ": " + own.getMessage()
            : String.valueOf(failure);
    care.errorAt = clock.instant();
  }

  private Care care(String name) {
    return records.computeIfAbsent(name, n -> new Care());
  }

  /** What was done and what failed, a row for each table that had something. */
  public synchronized List<@Nullable Object[]> rows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    records.forEach((name, care) -> rows.add(care.row(name)));
    return rows;
  }

  /**
   * Ends the thread, waiting for at most a second and a half: a call of the native library that
   * takes longer ends by itself, on handles that nobody else uses.
   */
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      notifyAll();
      running = thread;
    }
    if (running != null) {
      try {
        running.join(CLOSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
