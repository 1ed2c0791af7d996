package org.bindsql.lance;

import java.time.Duration;
import java.time.Instant;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.dataset.DatasetLock;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.Durable;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.jni.LanceErrors;
import org.lance.Dataset;

/** Work on the newest version of a table that is no statement over its rows. */
public final class Head {
  /** How often a change that loses races with other writers is tried. */
  private static final int ATTEMPTS = 5;

  /** How far behind the process's clock the file system's may be. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

  private Head() {}

  /** Work on an open dataset. */
  public interface Work<T> {
    T run(Dataset dataset) throws Exception;
  }

  /** Work on an open dataset that is at the given version. */
  public interface VersionWork<T> {
    T run(DatasetVersion version, Dataset dataset) throws Exception;
  }

  /**
   * Runs work that reads the newest version.
   *
   * @param doing what is tried, for messages
   */
  public static <T> T read(LanceTable table, String doing, Work<T> work) {
    return readVersion(table, doing, (version, dataset) -> work.run(dataset));
  }

  /** As {@link #read}, for work that wants to know the version. */
  public static <T> T readVersion(LanceTable table, String doing, VersionWork<T> work) {
    try (LanceSession.Lease lease = table.session().acquire(table::current)) {
      return work.run(lease.version(), lease.dataset());
    } catch (Exception e) { // lance-core throws IOException undeclared
      throw LanceErrors.translate(doing, e);
    }
  }

  /**
   * Runs work that commits through the dataset, on a handle of its own of the newest version, and
   * forces to disk what it committed. A lost race with another writer is tried again. The table is
   * not dropped meanwhile.
   *
   * @param doing what is tried, for messages
   */
  public static <T> T change(LanceTable table, String doing, Work<T> work) {
    table.location().checkWritable(doing);
    for (int attempt = 1; ; attempt++) {
      try (DatasetLock.Hold inPlace = DatasetLock.share(table.location(), () -> {});
          LanceSession.Lease own = table.session().acquireOwn(table.location())) {
        Instant start = Instant.now().minus(CLOCK_SLACK);
        T result = work.run(own.dataset());
        if (table.location().isLocal()) {
          Durable.forceChanged(table.location().localPath(), start);
        }
        return result;
      } catch (Exception e) { // lance-core throws IOException undeclared
        BindSqlException failure = LanceErrors.translate(doing, e);
        if (failure.code() != ErrorCode.SERIALIZATION_FAILURE || attempt == ATTEMPTS) {
          throw failure;
        }
      }
    }
  }
}
