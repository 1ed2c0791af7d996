package org.bindsql.lance.upkeep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.dataset.DatasetFiles;
import org.bindsql.lance.dataset.DatasetLock;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.Durable;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Manifest;
import org.bindsql.lance.jni.LanceErrors;
import org.lance.Session;

/**
 * Repair of a table on a local file system whose newest manifests cannot be read, as a power cut
 * leaves them if commits did not wait for the disk.
 */
public final class TableRepair {
  /** Ending of the name that a damaged manifest gets, which Lance does not read. */
  private static final String BAD = ".bad";

  private static final String HINT = "latest_version_hint.json";

  /**
   * What a repair did.
   *
   * @param lost versions that cannot be read, the newest first; their manifests were moved aside
   * @param version the version that is current now
   */
  public record Repaired(List<Long> lost, long version) {}

  private TableRepair() {}

  /**
   * Waits until every file of a table is on disk, as after a load with {@code durable = false}.
   *
   * @throws BindSqlException NOT_SUPPORTED if the table is in an object store
   */
  public static void sync(LanceTable table) {
    Path directory = localDirectory(table);
    try {
      Durable.force(directory);
    } catch (IOException e) {
      throw LanceErrors.translate("sync of table " + table.name(), e);
    }
  }

  /**
   * Moves damaged newest manifests aside (to {@code *.manifest.bad}), so that the newest version
   * that can be read is current again. No other file changes.
   *
   * @throws BindSqlException BAD_ARGUMENT if the newest version can be read; DATA_CORRUPTED if none
   *     can; READ_ONLY if the table may only be read; NOT_SUPPORTED if the table is in an object
   *     store, which writes manifests whole
   */
  public static Repaired repair(LanceTable table) {
    Path directory = localDirectory(table);
    table.location().checkWritable("repair of table " + table.name());
    try (DatasetLock.Hold alone = DatasetLock.own(table.location(), () -> {})) {
      return repair(table, new DatasetFiles(directory));
    } catch (IOException e) {
      throw LanceErrors.translate("repair of table " + table.name(), e);
    }
  }

  private static Path localDirectory(LanceTable table) {
    Path directory = table.location().path();
    if (directory == null) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "table " + table.name() + " is in an object store, which keeps what it acknowledged");
    }
    return directory;
  }

  private static Repaired repair(LanceTable table, DatasetFiles files) throws IOException {
    List<Manifest> damaged = new ArrayList<>();
    long current = 0;
    if (Manifest.newest(files.dataset()) == null) {
      throw new BindSqlException(
          ErrorCode.DATA_CORRUPTED,
          "table %s has no manifest in _versions: restore it from a copy".formatted(table.name()));
    }
    for (Manifest manifest : Manifest.all(files.dataset())) {
      if (isReadable(table, manifest)) {
        current = manifest.version();
        break;
      }
      damaged.add(manifest);
    }
    if (current == 0) {
      throw new BindSqlException(
          ErrorCode.DATA_CORRUPTED,
          "no version of table %s can be read, of %d: restore it from a copy"
              .formatted(table.name(), damaged.size()));
    }
    if (damaged.isEmpty()) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "table %s needs no repair: its newest version, %d, can be read"
              .formatted(table.name(), current));
    }
    // The oldest first: whatever interrupts this, the newest manifest left is still damaged.
    for (Manifest manifest : damaged.reversed()) {
      Path file = Objects.requireNonNull(manifest.file());
      Files.move(
          file, file.resolveSibling(file.getFileName() + BAD), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.deleteIfExists(files.versionsDirectory().resolve(HINT));
    Durable.forceDirectory(files.versionsDirectory());
    table.session().forget(table.location());
    return new Repaired(damaged.stream().map(Manifest::version).toList(), current);
  }

  /** Whether a version can be opened, by what is on disk now. */
  private static boolean isReadable(LanceTable table, Manifest manifest) {
    LanceSession session = table.session();
    session.load();
    try (Session caches = session.newCaches();
        LanceSession.Lease lease =
            session.acquireFresh(new DatasetVersion(table.location(), manifest), caches)) {
      lease.dataset().getFragments();
      return true;
    } catch (Exception e) { // lance-core throws IOException undeclared
      return false;
    }
  }
}
