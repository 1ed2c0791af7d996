package org.bindsql.lance.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.dataset.DatasetFiles;
import org.bindsql.lance.dataset.DatasetLock;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.Durable;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.Manifest;
import org.bindsql.lance.dataset.PrimaryKey;
import org.bindsql.lance.dataset.Snapshot;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.Session;

/**
 * Several statements as one commit.
 *
 * <p>All statements of a transaction read the versions that its first statements read, and its own
 * changes. It changes one table: each change makes a <em>detached</em> version, which nobody else
 * reads and which replaces the table's image in the transaction's scope; {@link #commit} makes one
 * version of the difference between the first and the last image, or fails with
 * SERIALIZATION_FAILURE if somebody else's commit changed the same rows meanwhile.
 *
 * <p>Use: every statement's context has a {@link StatementScope} made with {@link #scope()} under
 * {@link StatementScope#VARIABLE}, and the transaction under {@link #VARIABLE}. A statement that
 * fails leaves the transaction as it was before it. Exactly one of {@link #commit}, {@link
 * #rollback} and {@link #close} ends it, when no statement of it runs; it then closes the scope.
 * Not thread-safe.
 */
public final class LanceTransaction implements AutoCloseable {
  /** Name of the variable that holds the transaction, beside that of the scope. */
  public static final String VARIABLE = "bindsql.transaction";

  private final StatementScope scope = new StatementScope();
  private @Nullable Changed changed;
  private boolean ended;

  /** The table that the transaction changes: the version read first, and its newest image. */
  private static final class Changed {
    final String table;
    final Snapshot snapshot;
    final LanceSession session;
    final DatasetVersion first;
    final LanceSession.Lease base;
    final List<DatasetVersion> images = new ArrayList<>();

    /** What was written for the transaction, on disk. */
    final Set<Path> files = new LinkedHashSet<>();

    DatasetVersion image;
    private LanceSession.Lease held;
    private final List<Session> caches = new ArrayList<>();

    Changed(String table, Snapshot snapshot, LanceSession session, DatasetVersion first) {
      this.table = table;
      this.snapshot = snapshot;
      this.session = session;
      this.first = first;
      this.image = first;
      this.base = session.acquire(first);
      this.held = session.acquire(first);
    }

    Location location() {
      return first.location();
    }

    /** Makes a version the newest image and holds it, so that every statement finds it open. */
    void advance(DatasetVersion version) {
      LanceSession.Lease before = held;
      if (base.dataset().hasStableRowIds()) {
        if (caches.isEmpty()) {
          caches.add(session.newCaches());
        }
        held = session.acquire(version, caches.getLast());
      } else {
        held = session.acquire(version);
      }
      before.close();
      image = version;
      images.add(version);
    }

    /** As {@link #advance}, to an earlier image: later ones will repeat numbers of fragments. */
    void goBack(DatasetVersion version) {
      if (!caches.isEmpty()) {
        caches.add(session.newCaches());
      }
      advance(version);
      images.forEach(session::forget);
    }

    /** Closes what is open and deletes the files that are not kept. */
    void discard(Set<Path> kept) {
      held.close();
      base.close();
      images.forEach(session::forget);
      caches.forEach(Session::close);
      for (Path file : files) {
        if (!kept.contains(file)) {
          try {
            Files.deleteIfExists(file);
          } catch (IOException e) {
            continue; // VACUUM will find it
          }
        }
      }
    }
  }

  /** A point of a transaction to go back to. */
  public static final class Savepoint {
    private final @Nullable DatasetVersion image;

    private Savepoint(@Nullable DatasetVersion image) {
      this.image = image;
    }
  }

  /** Begins a transaction; it reads and holds nothing yet. */
  public LanceTransaction() {}

  /** What the statements of the transaction share; closed at its end. */
  public StatementScope scope() {
    return scope;
  }

  /** Whether a statement has changed a table. */
  public boolean hasChanges() {
    return changed != null;
  }

  /** The transaction that a statement belongs to, or null if it is one of its own. */
  static @Nullable LanceTransaction of(ExecutionContext context) {
    return context.variables().apply(VARIABLE) instanceof LanceTransaction transaction
        ? transaction
        : null;
  }

  /**
   * Fails if the transaction cannot change a table because it changes another.
   *
   * @throws BindSqlException NOT_SUPPORTED, naming both tables
   */
  void checkChangeable(String table, Location location) {
    if (ended) {
      throw new BindSqlException(ErrorCode.TRANSACTION_STATE, "the transaction has ended");
    }
    if (changed != null && !changed.location().equals(location)) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "table %s cannot be changed in this transaction, which changes table %s: a transaction"
                  .formatted(table, changed.table)
              + " changes one table");
    }
  }

  /** Makes a statement's commit the transaction's newest image of a table. */
  void advance(
      String table,
      Location location,
      Snapshot snapshot,
      LanceSession session,
      Commit commit,
      DataFiles data)
      throws Exception {
    Manifest before = scope.share(location, () -> session.newest(location));
    Commit.Made made = commit.executeDetached();
    Changed target = changed;
    if (target == null) {
      target = new Changed(table, snapshot, session, new DatasetVersion(location, before));
      changed = target;
    }
    target.files.addAll(data.paths());
    Path directory = location.path();
    Manifest image;
    if (directory == null) {
      image = Manifest.detached(made.version());
    } else {
      DatasetFiles files = new DatasetFiles(directory);
      target.files.addAll(files.of(commit.update()));
      Path manifest = files.manifest(made.version());
      target.files.add(manifest);
      Path transaction = files.transaction(made.transaction());
      if (transaction != null) {
        target.files.add(transaction);
      }
      image = Manifest.read(manifest, made.version());
    }
    target.advance(new DatasetVersion(location, image));
    scope.replace(location, image);
  }

  /** Marks a point to which {@link #rollbackTo} goes back. */
  public Savepoint savepoint() {
    return new Savepoint(changed == null ? null : changed.image);
  }

  /** Undoes the changes made since a point of this transaction, which stays valid. */
  public void rollbackTo(Savepoint savepoint) {
    Changed target = changed;
    if (target == null) {
      return;
    }
    if (savepoint.image != null) {
      target.goBack(savepoint.image);
      scope.replace(target.location(), savepoint.image.manifest());
    } else {
      target.discard(Set.of());
      changed = null;
      scope.replace(target.location(), target.first.manifest());
    }
  }

  /**
   * Makes the changes one version of the table and ends the transaction, also if it fails.
   *
   * @param context of a statement of this transaction
   * @throws BindSqlException SERIALIZATION_FAILURE if a commit of somebody else's changed the same
   *     rows, or its keys or columns, or the table was dropped; nothing has changed then
   */
  public void commit(ExecutionContext context) {
    Changed target = changed;
    Set<Path> kept = new LinkedHashSet<>();
    try {
      if (target != null && !target.image.equals(target.first)) {
        commit(target, context, kept);
      }
    } finally {
      end(kept);
    }
  }

  private static void commit(Changed target, ExecutionContext context, Set<Path> kept) {
    Dataset base = target.base.dataset();
    String doing = "commit of the transaction that changes table " + target.table;
    Commit commit = new Commit(doing, base, target.location());
    DataFiles files =
        new DataFiles(target.location(), base, target.snapshot, false, target.session.allocator());
    try (DatasetLock.Hold inPlace = DatasetLock.share(target.location(), context::checkCancelled);
        LanceSession.Lease last = target.session.acquire(target.image)) {
      target.session.checkExists(doing, target.first);
      new Difference(target.table, target.snapshot, base, last.dataset(), context)
          .addTo(commit, files);
      if (commit.isEmpty()) {
        return;
      }
      PrimaryKey key = target.snapshot.primaryKey();
      if (key != null && key.enforced()) {
        commit.guardKey();
      }
      target.session.checkExists(doing, target.first);
      commit.execute(Durable.wanted(context));
      Path directory = target.location().path();
      if (directory != null) {
        kept.addAll(new DatasetFiles(directory).of(commit.update()));
      }
    } catch (Exception e) { // lance-core throws IOException undeclared
      BindSqlException failure = commit.failed(e, files);
      if (commit.mayExist(failure)) {
        kept.addAll(target.files);
      }
      throw failure;
    }
  }

  /** Undoes all changes and ends the transaction. */
  public void rollback() {
    end(Set.of());
  }

  /** Ends the transaction; what was not committed is undone. */
  @Override
  public void close() {
    if (!ended) {
      rollback();
    }
  }

  private void end(Set<Path> kept) {
    if (ended) {
      throw new BindSqlException(ErrorCode.TRANSACTION_STATE, "the transaction has ended");
    }
    ended = true;
    try (scope) {
      if (changed != null) {
        changed.discard(kept);
      }
    }
  }
}
