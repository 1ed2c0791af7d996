package org.bindsql.lance.dataset;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of datasets this process is using, so that none of them is removed meanwhile.
 *
 * <p>Versions outside the history, whose numbers are negative, are never removed by themselves; who
 * uses one holds the version that it came from as well. Thread-safe.
 */
public final class VersionHolds {
  private static final class Uses {
    final TreeMap<Long, Integer> versions = new TreeMap<>();

    /** Versions below are being removed. */
    long floor;

    /** Whether everybody waits until a removal is done. */
    boolean alone;

    boolean areOver() {
      return versions.isEmpty() && floor == 0 && !alone;
    }
  }

  /** A removal of old versions under way; until it is closed nobody begins to use one of them. */
  public final class Removal implements AutoCloseable {
    private final Location location;
    private final long before;

    private Removal(Location location, long before) {
      this.location = location;
      this.before = before;
    }

    /** Versions below may be removed. */
    public long before() {
      return before;
    }

    @Override
    public void close() {
      end(location);
    }
  }

  private final Map<Location, Uses> uses = new HashMap<>();

  /**
   * Begins to use a version; waits while somebody works on the dataset alone.
   *
   * @throws BindSqlException SERIALIZATION_FAILURE if the version is being removed
   */
  synchronized void hold(DatasetVersion dataset) {
    Location location = dataset.location();
    long version = dataset.manifest().version();
    Uses used = uses.computeIfAbsent(location, l -> new Uses());
    while (used.alone) {
      await();
      used = uses.computeIfAbsent(location, l -> new Uses());
    }
    if (version >= 0 && version < used.floor) {
      throw new BindSqlException(
          ErrorCode.SERIALIZATION_FAILURE,
          "version " + version + " of " + location + " is being removed by VACUUM");
    }
    used.versions.merge(version, 1, Integer::sum);
  }

  private void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BindSqlException(ErrorCode.CANCELLED, "interrupted while waiting for VACUUM", e);
    }
  }

  /** Ends one use of a version. */
  synchronized void release(DatasetVersion dataset) {
    long version = dataset.manifest().version();
    uses.computeIfPresent(
        dataset.location(),
        (l, used) -> {
          used.versions.computeIfPresent(version, (v, n) -> n == 1 ? null : n - 1);
          return used.areOver() ? null : used;
        });
  }

  /** Whether a transaction has changed the dataset and is not over. */
  public synchronized boolean hasTransaction(Location location) {
    Uses used = uses.get(location);
    return used != null && used.versions.lowerKey(0L) != null;
  }

  /**
   * Begins to remove versions below the given one, or below the oldest in use if that is older.
   *
   * @return null if another removal is under way
   */
  public synchronized @Nullable Removal remove(Location location, long before) {
    Uses used = uses.computeIfAbsent(location, l -> new Uses());
    if (used.floor > 0) {
      return null;
    }
    Long oldest = used.versions.ceilingKey(0L);
    used.floor = Math.max(1, oldest == null ? before : Math.min(before, oldest));
    return new Removal(location, used.floor);
  }

  /**
   * As {@link #remove}, and until the end nobody begins to use any version.
   *
   * @return null if another removal is under way, or anybody uses a version
   */
  public synchronized @Nullable Removal removeAlone(Location location, long before) {
    Uses used = uses.computeIfAbsent(location, l -> new Uses());
    if (used.floor > 0 || !used.versions.isEmpty()) {
      return null;
    }
    used.alone = true;
    return remove(location, before);
  }

  private synchronized void end(Location location) {
    uses.computeIfPresent(
        location,
        (l, used) -> {
          used.floor = 0;
          used.alone = false;
          return used.areOver() ? null : used;
        });
    notifyAll();
  }
}
