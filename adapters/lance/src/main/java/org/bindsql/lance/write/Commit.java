package org.bindsql.lance.write;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.dataset.DatasetFiles;
import org.bindsql.lance.dataset.Durable;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.jni.LanceErrors;
import org.jspecify.annotations.Nullable;
import org.lance.CommitBuilder;
import org.lance.Dataset;
import org.lance.FragmentMetadata;
import org.lance.ReadOptions;
import org.lance.Transaction;
import org.lance.operation.Update;
import org.lance.operation.Update.UpdateMode;

/**
 * A new version of a dataset: the version read, less some rows, plus some fragments.
 *
 * <p>The operation is always Update, for rows that are only added too: Lance commits an Append on
 * top of columns that were added meanwhile, and on top of any other Append, whatever key both add.
 */
final class Commit {
  /** A fragment that does not exist; two commits conflict if both remove it. */
  private static final long KEY_GUARD = 0xFFFF_FFFFL;

  /** Times that Lance tries the next version number again when another writer took it. */
  private static final int RETRIES = 20;

  /** What Lance says when the next version's number was taken as often as it was allowed to try. */
  private static final String NUMBER_TAKEN = "Failed to commit the transaction after";

  /**
   * A version that was made.
   *
   * @param version its number; negative if it is detached
   * @param transaction the UUID in the name of its transaction's file
   */
  record Made(long version, String transaction) {}

  private final String doing;
  private final Dataset dataset;
  private final Location location;
  private final List<FragmentMetadata> added = new ArrayList<>();
  private final List<FragmentMetadata> replaced = new ArrayList<>();
  private final List<Long> removed = new ArrayList<>();
  private boolean decided;

  /**
   * Creates a commit on top of the version that a dataset is open at.
   *
   * @param doing what is done, on what: {@code "insert into table t"}
   */
  Commit(String doing, Dataset dataset, Location location) {
    this.doing = doing;
    this.dataset = dataset;
    this.location = location;
  }

  /** Adds fragments that no version has. */
  void add(List<FragmentMetadata> fragments) {
    added.addAll(fragments);
  }

  /**
   * Replaces a fragment by what is left of it.
   *
   * @param rest null if no row is left
   */
  void replace(int fragment, @Nullable FragmentMetadata rest) {
    if (rest == null) {
      removed.add((long) fragment);
    } else {
      replaced.add(rest);
    }
  }

  /**
   * Lets the commit fail if any other one meanwhile called this, too: then the key checks of the
   * two did not see each other's rows.
   */
  void guardKey() {
    removed.add(KEY_GUARD);
  }

  /** The operation. */
  Update update() {
    return Update.builder()
        .removedFragmentIds(removed)
        .updatedFragments(replaced)
        .newFragments(added)
        .updateMode(Optional.of(UpdateMode.RewriteRows))
        // Or indexes of a dataset with stable row ids would claim to know the new values.
        .fieldsForPreservingFragBitmap(fieldIds())
        .build();
  }

  /**
   * Makes the next version.
   *
   * @param durable whether to wait until it is on disk
   */
  void execute(boolean durable) throws Exception {
    Update update = update();
    Path directory = location.path();
    DatasetFiles files = directory == null || !durable ? null : new DatasetFiles(directory);
    if (files != null) {
      Durable.force(files.of(update));
    }
    Made made = make(update, false);
    if (files != null) {
      Durable.forceCommit(files, made.version(), made.transaction());
    }
  }

  /** Makes a version outside the history, which only who knows its number reads. */
  Made executeDetached() throws Exception {
    return make(update(), true);
  }

  private Made make(Update update, boolean detached) throws Exception {
    try (Transaction transaction =
        new Transaction.Builder().readVersion(dataset.version()).operation(update).build()) {
      decided = true;
      return location.isLocal() || detached
          ? commit(transaction, RETRIES, detached)
          : commitOnce(transaction);
    }
  }

  private Made commit(Transaction transaction, int attempts, boolean detached) throws Exception {
    try (Dataset result =
        new CommitBuilder(dataset)
            .maxRetries(attempts)
            .detached(detached)
            .skipAutoCleanup(true)
            .writeParams(location.storageOptions())
            .execute(transaction)) {
      return new Made(result.version(), transaction.uuid());
    }
  }

  /**
   * Commits in an object store, an attempt at a time. The store may take the manifest although its
   * answer gets lost; asked again it says that there is one already. Lance alone would take it for
   * another writer's, and add the same rows to the next version, too.
   */
  private Made commitOnce(Transaction transaction) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return commit(transaction, 1, false);
      } catch (Exception e) { // lance-core throws IOException undeclared
        if (!String.valueOf(e.getMessage()).contains(NUMBER_TAKEN)) {
          throw e;
        }
        long made = versionOf(transaction);
        if (made > 0) {
          return new Made(made, transaction.uuid());
        }
        if (attempt == RETRIES) {
          throw e;
        }
        Thread.sleep(ThreadLocalRandom.current().nextLong(10L * attempt));
      }
    }
  }

  /** The version after the one read that the transaction made, or 0. */
  private long versionOf(Transaction transaction) throws Exception {
    ReadOptions options =
        new ReadOptions.Builder().setStorageOptions(location.storageOptions()).build();
    try (Dataset newest = Dataset.open().uri(location.uri()).readOptions(options).build()) {
      for (long version = newest.version(); version > dataset.version(); version--) {
        try (Dataset candidate = newest.checkoutVersion(version);
            Transaction own = candidate.readTransaction().orElse(null)) {
          if (own != null && own.uuid().equals(transaction.uuid())) {
            return version;
          }
        }
      }
      return 0;
    }
  }

  /** Numbers of all columns written, of their parts and of those that hold them. */
  private long[] fieldIds() {
    int greatest =
        added.stream()
            .flatMap(fragment -> fragment.getFiles().stream())
            .flatMapToInt(file -> Arrays.stream(file.getFields()))
            .max()
            .orElse(-1);
    return LongStream.rangeClosed(0, greatest).toArray();
  }

  /** Whether there is nothing to commit. */
  boolean isEmpty() {
    return added.isEmpty() && replaced.isEmpty() && removed.isEmpty();
  }

  /** The failure for the user; deletes what was written, unless a version may have it. */
  BindSqlException failed(Exception failure, DataFiles files) {
    BindSqlException translated = translate(failure);
    if (!mayExist(translated)) {
      files.discard(replaced);
    }
    return translated;
  }

  /** Whether the version may have been made although the commit failed. */
  boolean mayExist(BindSqlException failure) {
    return decided && failure.code() != ErrorCode.SERIALIZATION_FAILURE;
  }

  private BindSqlException translate(Exception failure) {
    if (!(failure instanceof BindSqlException)
        && LanceErrors.code(failure) == ErrorCode.TYPE_MISMATCH) {
      // What was written has the columns of the version read; Lance compares with the newest.
      return new BindSqlException(
          ErrorCode.SERIALIZATION_FAILURE,
          doing + ": the columns of the table changed meanwhile",
          failure);
    }
    return LanceErrors.translate(doing, failure);
  }
}
