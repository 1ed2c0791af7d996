package org.bindsql.lance.upkeep;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.Head;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.dataset.DatasetFiles;
import org.bindsql.lance.dataset.DatasetLock;
import org.bindsql.lance.dataset.Durable;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.VersionHolds;
import org.bindsql.lance.filter.IndexUse;
import org.bindsql.lance.index.HdrIndexes;
import org.bindsql.lance.index.LanceIndexes;
import org.bindsql.lance.jni.LanceErrors;
import org.bindsql.lance.write.DataFiles;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.Version;
import org.lance.cleanup.CleanupPolicy;
import org.lance.cleanup.RemovalStats;
import org.lance.compaction.Compaction;
import org.lance.compaction.CompactionMetrics;
import org.lance.compaction.CompactionOptions;
import org.lance.compaction.CompactionTask;
import org.lance.compaction.RewriteResult;
import org.lance.index.IndexDescription;
import org.lance.index.OptimizeOptions;

/**
 * Upkeep of a table: rewriting its fragments into fewer ones, bringing its indexes up to date,
 * removing its old versions.
 */
public final class Upkeep {
  /** Bytes of one batch when fragments are rewritten; Lance holds several at a time. */
  private static final long BATCH_BYTES = 4L << 20;

  /** Age from which on Lance removes files of no version, too. */
  private static final Duration UNVERIFIED_AGE = Duration.ofDays(7);

  /** Rows of one batch at most, Lance's own choice for narrow rows. */
  private static final long MAX_BATCH_ROWS = 8192;

  /**
   * How fragments are rewritten; null where Lance's default will do.
   *
   * @param targetRows rows that a fragment should have; only smaller ones are merged. The table's
   *     own choice if null
   * @param maxBytesPerFile bytes after which a new file is begun
   * @param materializeDeletions whether fragments with many deleted rows are rewritten without them
   * @param deletedShare share of deleted rows from which on that is done
   * @param threads threads of one rewrite
   * @param batchRows rows read at a time
   * @param maxFragments greatest number of fragments that are rewritten
   * @param indexes whether indexes take in the rows that they do not cover
   */
  public record Optimization(
      @Nullable Long targetRows,
      @Nullable Long maxBytesPerFile,
      @Nullable Boolean materializeDeletions,
      @Nullable Double deletedShare,
      @Nullable Long threads,
      @Nullable Long batchRows,
      @Nullable Long maxFragments,
      boolean indexes) {
    /** Lance's defaults, and indexes too. */
    public static final Optimization DEFAULT =
        new Optimization(null, null, null, null, null, null, null, true);

    /** The same with another share of deleted rows. */
    public Optimization withDeletedShare(double share) {
      return new Optimization(
          targetRows,
          maxBytesPerFile,
          materializeDeletions,
          share,
          threads,
          batchRows,
          maxFragments,
          indexes);
    }
  }

  /**
   * What was done.
   *
   * @param oldVersion the version it began with
   * @param newVersion the version it made, or the old one if there was nothing to do
   * @param rowsIndexed rows taken into indexes, counted once per index
   */
  public record Optimized(
      long fragmentsRemoved,
      long fragmentsAdded,
      long filesRemoved,
      long filesAdded,
      long rowsIndexed,
      long oldVersion,
      long newVersion) {}

  /**
   * Which versions go: those that are older than an age and not among the newest, and that nobody
   * in this process uses, that have no tag, and of whose files no branch that began there reads
   * any.
   *
   * @param before only versions made before may go
   * @param retainVersions how many of the newest versions stay in any case, at least 1
   * @param deleteUnverified whether files of no version, and what an interrupted transaction left,
   *     go even if they are younger than a week: nobody, in any process, may be writing to the
   *     table
   * @param failOnTag whether a tag on a version that would go otherwise is an error
   */
  public record Retention(
      Instant before, long retainVersions, boolean deleteUnverified, boolean failOnTag) {}

  /** What was removed. */
  public record Removed(
      long bytes,
      long versions,
      long dataFiles,
      long transactionFiles,
      long indexFiles,
      long deletionFiles) {}

  private Upkeep() {}

  /**
   * Brings indexes up to date, then merges small fragments and writes deletions out in one commit.
   * Rows and their order stay as they are. A table that needs nothing gets no new version.
   *
   * @param checkpoint run between steps; what it throws ends the work, after which nothing is
   *     half-done
   * @throws BindSqlException SERIALIZATION_FAILURE if other writers came between again and again
   */
  public static Optimized optimize(LanceTable table, Optimization how, Runnable checkpoint) {
    String doing = "optimization of table " + table.name();
    // Lance merges no fragment that an index covers with one that it does not cover, and plans by
    // the indexes as they were when the handle was opened.
    long oldVersion = table.session().newest(table.location()).version();
    long indexed = how.indexes() ? Head.change(table, doing, Upkeep::index) : 0;
    checkpoint.run();
    CompactionMetrics metrics =
        Head.change(table, doing, dataset -> compact(table, dataset, how, checkpoint));
    checkpoint.run();
    if (how.indexes() && metrics.getFragmentsRemoved() > 0) {
      // Not every kind of index knows the rows again in the new fragments.
      indexed += Head.change(table, doing, Upkeep::index);
    }
    if (how.indexes()) {
      indexed += HdrIndexes.update(table, null, false);
    }
    return new Optimized(
        metrics.getFragmentsRemoved(),
        metrics.getFragmentsAdded(),
        metrics.getFilesRemoved(),
        metrics.getFilesAdded(),
        indexed,
        oldVersion,
        table.session().newest(table.location()).version());
  }

  /** Rewrites task by task, so that no more than one task's batches are in memory. */
  private static CompactionMetrics compact(
      LanceTable table, Dataset dataset, Optimization how, Runnable checkpoint) throws IOException {
    CompactionOptions options = options(dataset, how);
    List<RewriteResult> results = new ArrayList<>();
    for (CompactionTask task : Compaction.planCompaction(dataset, options).getCompactionTasks()) {
      checkpoint.run();
      if (DatasetLock.isWanted(table.location())) {
        throw new BindSqlException(
            ErrorCode.SERIALIZATION_FAILURE,
            "optimization of table " + table.name() + ": somebody waits to drop or replace it");
      }
      RewriteResult result = task.execute(dataset);
      Path directory = table.location().path();
      if (directory != null) {
        Durable.force(new DatasetFiles(directory).data(result.getNewFragments()));
      }
      results.add(result);
    }
    checkpoint.run();
    return results.isEmpty()
        ? new CompactionMetrics(0, 0, 0, 0)
        : Compaction.commitCompaction(dataset, results, options);
  }

  private static CompactionOptions options(Dataset dataset, Optimization how) {
    CompactionOptions.Builder options = CompactionOptions.builder();
    options.withTargetRowsPerFragment(
        how.targetRows() == null ? DataFiles.maxRows(dataset.getConfig()) : how.targetRows());
    if (how.maxBytesPerFile() != null) {
      options.withMaxBytesPerFile(how.maxBytesPerFile());
    }
    if (how.materializeDeletions() != null) {
      options.withMaterializeDeletions(how.materializeDeletions());
    }
    if (how.deletedShare() != null) {
      options.withMaterializeDeletionsThreshold(how.deletedShare().floatValue());
    }
    if (how.maxFragments() != null) {
      options.withMaxSourceFragments(how.maxFragments());
    }
    return options
        .withNumThreads(how.threads() == null ? 1 : how.threads())
        .withBatchSize(how.batchRows() == null ? batchRows(dataset) : how.batchRows())
        .build();
  }

  private static long batchRows(Dataset dataset) {
    long rows = Math.max(1, dataset.countRows());
    long rowBytes = Math.max(1, dataset.calculateDataSize() / rows);
    return Math.clamp(BATCH_BYTES / rowBytes, 1, MAX_BATCH_ROWS);
  }

  /** Rows that each index does not cover, where there are any. */
  static Map<String, Long> unindexed(Dataset dataset) {
    Map<String, Long> rows = new TreeMap<>();
    for (IndexDescription index : dataset.describeIndices()) {
      if (!IndexUse.isReserved(index.getName())) {
        Map<String, Object> statistics = dataset.getIndexStatistics(index.getName());
        long unindexed = LanceIndexes.statistic(statistics, "num_unindexed_rows");
        if (unindexed > 0) {
          rows.put(index.getName(), unindexed);
        }
      }
    }
    return rows;
  }

  /** Takes rows into indexes that do not cover them; returns how many. */
  private static long index(Dataset dataset) {
    Map<String, Long> unindexed = unindexed(dataset);
    if (!unindexed.isEmpty()) {
      dataset.optimizeIndices(
          OptimizeOptions.builder()
              .indexNames(List.copyOf(unindexed.keySet()))
              .numIndicesToMerge(Integer.MAX_VALUE)
              .build());
    }
    return unindexed.values().stream().mapToLong(rows -> rows).sum();
  }

  /** Whether a transaction of this process has changed the table and is not over. */
  public static boolean hasTransaction(LanceTable table) {
    return table.session().holds().hasTransaction(table.location());
  }

  /** Whether the newest version is of some age. */
  public static boolean isQuiet(LanceTable table, Instant now, Duration age) {
    long modified = table.session().newest(table.location()).modified();
    return Duration.between(Instant.EPOCH.plusNanos(modified), now).compareTo(age) >= 0;
  }

  /**
   * Removes old versions, and the files that only they have.
   *
   * @throws BindSqlException READ_ONLY if the table may only be read; SERIALIZATION_FAILURE if old
   *     versions are being removed already, or if unverified files are to go and anybody uses the
   *     table
   */
  public static Removed vacuum(LanceTable table, Retention retention) {
    String doing = "vacuum of table " + table.name();
    Location location = table.location();
    location.checkWritable(doing);
    try (DatasetLock.Hold inPlace = DatasetLock.share(location, () -> {});
        VersionHolds.Removal removal = begin(table, retention)) {
      if (removal == null) {
        throw new BindSqlException(
            ErrorCode.SERIALIZATION_FAILURE,
            doing
                + (retention.deleteUnverified()
                    ? ": delete_unverified needs a table that nobody uses"
                    : ": another one is under way"));
      }
      CleanupPolicy policy =
          CleanupPolicy.builder()
              .withBeforeVersion(removal.before())
              .withBeforeTimestampMillis(retention.before().toEpochMilli())
              .withDeleteUnverified(retention.deleteUnverified())
              .withErrorIfTaggedOldVersions(retention.failOnTag())
              .build();
      try (Dataset own = table.session().openAlone(location)) {
        RemovalStats stats = own.cleanupWithPolicy(policy);
        long sketchBytes = HdrIndexes.clean(table, own);
        return new Removed(
            stats.getBytesRemoved() + sketchBytes + removeDetached(table, retention),
            stats.getOldVersions(),
            stats.getDataFilesRemoved(),
            stats.getTransactionFilesRemoved(),
            stats.getIndexFilesRemoved(),
            stats.getDeletionFilesRemoved());
      }
    } catch (Exception e) { // lance-core throws IOException undeclared
      throw LanceErrors.translate(doing, e);
    }
  }

  /**
   * Removes what transactions of processes that were killed left; returns bytes. As with other
   * files of no version, those that are young may belong to a transaction of another process.
   */
  private static long removeDetached(LanceTable table, Retention retention) throws IOException {
    Path directory = table.location().path();
    if (directory == null || hasTransaction(table)) {
      return 0;
    }
    Instant verified = Instant.now().minus(UNVERIFIED_AGE);
    Instant before = retention.before();
    return DetachedVersions.remove(
        new DatasetFiles(directory).versionsDirectory(),
        retention.deleteUnverified() || before.isBefore(verified) ? before : verified);
  }

  private static VersionHolds.@Nullable Removal begin(LanceTable table, Retention retention) {
    long before = beforeVersion(table, retention.retainVersions());
    VersionHolds holds = table.session().holds();
    return retention.deleteUnverified()
        ? holds.removeAlone(table.location(), before)
        : holds.remove(table.location(), before);
  }

  /** The oldest of the newest versions that stay. */
  private static long beforeVersion(LanceTable table, long retained) {
    return Head.read(
        table,
        "versions of table " + table.name(),
        dataset -> {
          if (retained <= 1) {
            return dataset.version();
          }
          List<Long> versions =
              dataset.listVersions().stream().map(Version::getId).sorted().toList();
          return versions.get((int) Math.max(0, versions.size() - retained));
        });
  }
}
