package org.bindsql.lance.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.Head;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.Reference;
import org.bindsql.lance.References;
import org.bindsql.lance.dataset.DatasetLock;
import org.bindsql.lance.dataset.Durable;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.Manifest;
import org.bindsql.lance.jni.LanceErrors;
import org.jspecify.annotations.Nullable;
import org.lance.Branch;
import org.lance.CommitBuilder;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.FragmentMetadata;
import org.lance.ManifestSummary;
import org.lance.Tag;
import org.lance.Transaction;
import org.lance.Version;
import org.lance.fragment.DataFile;
import org.lance.index.Index;
import org.lance.operation.Restore;

/**
 * The versions, tags and branches of a table.
 *
 * <p>Where a method takes a version, it is what follows the first colon in the version's name, see
 * {@link Reference}; an empty text is the newest version of the branch {@code main}.
 */
public final class LanceHistory {
  /** Names are given one after another: Lance looks whether one is free before it takes it. */
  private static final Object NAMING = new Object();

  private final LanceTable table;
  private final References references;

  /** Creates the history of a table, which must not be a branch itself. */
  public LanceHistory(LanceTable table) {
    this.table = table;
    this.references = new References(table);
  }

  /**
   * Names a version for good.
   *
   * @param replace whether a tag of the name may be moved
   * @return false if there was a tag of the name and it stayed
   * @throws BindSqlException BAD_ARGUMENT if the name or the version cannot be; OBJECT_EXISTS if
   *     there is a branch of the name
   */
  public boolean createTag(String tag, String version, boolean replace) {
    checkName("tag", tag);
    org.lance.Ref ref = pinned(resolve(version)).ref();
    String doing = "tag '" + tag + "' of table " + table.name();
    synchronized (NAMING) {
      if (references.branches().stream().anyMatch(b -> b.getName().equals(tag))) {
        throw exists("branch", tag);
      }
      boolean isThere = references.tags().stream().anyMatch(t -> t.getName().equals(tag));
      if (isThere && !replace) {
        return false;
      }
      change(
          doing,
          table.location(),
          List.of("_refs"),
          dataset -> {
            if (isThere) {
              dataset.tags().update(tag, ref);
            } else {
              dataset.tags().create(tag, ref);
            }
          });
      return true;
    }
  }

  /**
   * Forgets a tag; the version stays until it is vacuumed.
   *
   * @return whether there was one
   */
  public boolean dropTag(String tag) {
    synchronized (NAMING) {
      if (references.tags().stream().noneMatch(t -> t.getName().equals(tag))) {
        return false;
      }
      String doing = "tag '" + tag + "' of table " + table.name();
      change(doing, table.location(), List.of("_refs"), dataset -> dataset.tags().delete(tag));
      return true;
    }
  }

  /**
   * Makes a branch that begins with a version.
   *
   * @return false if there was a branch of the name
   * @throws BindSqlException BAD_ARGUMENT if the name or the version cannot be; OBJECT_EXISTS if
   *     there is a tag of the name; NOT_SUPPORTED if the version is one of a branch and has an
   *     index that this branch began with
   */
  public boolean createBranch(String branch, String version) {
    checkName("branch", branch);
    References.Place origin = pinned(resolve(version));
    String doing = "branch '" + branch + "' of table " + table.name();
    synchronized (NAMING) {
      if (references.tags().stream().anyMatch(t -> t.getName().equals(branch))) {
        throw exists("tag", branch);
      }
      if (references.branches().stream().anyMatch(b -> b.getName().equals(branch))) {
        return false;
      }
      Path left = references.branch(branch).path();
      change(
          doing,
          origin.location(), // Lance looks for the version there, whatever branch is named
          List.of("_refs", "tree/" + branch),
          dataset -> {
            checkIndexes(doing, dataset, origin);
            if (left != null && Files.exists(left)) {
              dataset.branches().delete(branch); // a creation that was cut off
            }
            Map<String, String> options = origin.location().storageOptions();
            Dataset made =
                options.isEmpty()
                    ? dataset.createBranch(branch, origin.ref())
                    : dataset.createBranch(branch, origin.ref(), options);
            made.close();
          });
      return true;
    }
  }

  /**
   * lance-core 7.0.0 looks for the files of all indexes where the branch began that the new one
   * begins with (lance-format/lance#7840): not those that lie where that branch itself began.
   */
  private static void checkIndexes(String doing, Dataset dataset, References.Place origin) {
    if (origin.branch() == null) {
      return;
    }
    try (Dataset version = dataset.checkout(origin.ref())) {
      for (Index index : version.getIndexes()) {
        if (index.baseId().isPresent()) {
          throw new BindSqlException(
              ErrorCode.NOT_SUPPORTED,
              "%s: branch '%s' began with index '%s', which a branch of this branch could not read: drop the index on the branch first"
                  .formatted(doing, origin.branch(), index.name()));
        }
      }
    }
  }

  /**
   * Removes a branch with its versions.
   *
   * @return whether there was one
   * @throws BindSqlException DEPENDENT_OBJECTS if a tag or another branch needs it; OBJECT_IN_USE
   *     if a statement of this process reads it
   */
  public boolean dropBranch(String branch) {
    synchronized (NAMING) {
      if (references.branches().stream().noneMatch(b -> b.getName().equals(branch))) {
        return false;
      }
      String doing = "branch '" + branch + "' of table " + table.name();
      for (Tag tag : references.tags()) {
        if (branch.equals(tag.getBranch().orElse(null))) {
          throw needed(doing, "tag '" + tag.getName() + "' is");
        }
      }
      for (Branch other : references.branches()) {
        if (branch.equals(other.getParentBranch().orElse(null))) {
          throw needed(doing, "branch '" + other.getName() + "' began");
        }
      }
      Location location = references.branch(branch);
      try (DatasetLock.Hold alone = DatasetLock.own(location, () -> {})) {
        table.session().forget(location);
        if (table.session().isInUse(location)) {
          throw new BindSqlException(
              ErrorCode.OBJECT_IN_USE, doing + " is being read: end the statements that read it");
        }
        change(
            doing,
            table.location(),
            List.of("_refs"),
            dataset -> dataset.branches().delete(branch));
      }
      return true;
    }
  }

  /**
   * Makes an older version the newest of its branch again, as a new version; those between stay.
   *
   * @param branch whose newest version it becomes: {@code ""} for {@code main}
   * @param version a version of the same branch
   * @throws BindSqlException BAD_ARGUMENT if there is no such version, or of another branch
   */
  public void restore(String branch, String version) {
    References.Place target = resolve(branch);
    References.Place source = resolve(version);
    if (target.version() != null) {
      throw bad("RESTORE TABLE changes a table or a branch, not version " + target.version());
    }
    Long number = source.version();
    if (number == null || !source.location().equals(target.location())) {
      throw bad(
          "version '"
              + version
              + "' of table "
              + table.name()
              + " is no version of branch "
              + (target.branch() == null ? Reference.MAIN : target.branch())
              + ": a branch is restored to one of its own versions");
    }
    LanceTable changed = references.table(target);
    Head.change(
        changed,
        "restore of table " + changed.name(),
        dataset -> {
          Restore restore = Restore.builder().version(number).build();
          try (Transaction transaction =
              new Transaction.Builder().readVersion(dataset.version()).operation(restore).build()) {
            new CommitBuilder(dataset)
                .skipAutoCleanup(true)
                .writeParams(changed.location().storageOptions())
                .execute(transaction)
                .close();
          }
          return true;
        });
  }

  /**
   * A version of a branch.
   *
   * @param branch its branch: {@code main} or another
   * @param committed when it was made: this JVM's wall clock, in milliseconds
   * @param operation what made it in Lance's word, or null if not asked for or not known
   * @param rows live rows
   * @param deletedRows rows that are deleted but still lie in data files
   * @param bytes size of the data files
   * @param tags names of the tags on it
   */
  public record VersionInfo(
      String branch,
      long version,
      LocalDateTime committed,
      @Nullable String operation,
      long rows,
      long deletedRows,
      long fragments,
      long bytes,
      List<String> tags) {}

  /**
   * The versions of all branches, {@code main} first, the oldest first.
   *
   * @param operations whether to read what made each version, where the table lies on disk
   */
  public List<VersionInfo> versions(boolean operations) {
    Map<String, References.Place> places = new LinkedHashMap<>();
    places.put(Reference.MAIN, resolve(""));
    for (Branch branch : references.branches()) {
      String name = branch.getName();
      places.put(name, new References.Place(references.branch(name), name, null));
    }
    List<Tag> tags = references.tags();
    List<VersionInfo> versions = new ArrayList<>();
    places.forEach((branch, place) -> {
      for (Version version : references.versions(place)) {
        ManifestSummary summary = version.getManifestSummary();
        versions.add(
            new VersionInfo(
                branch,
                version.getId(),
                References.committed(version),
                operations ? operation(place, version.getId()) : null,
                summary.getTotalRows(),
                summary.getTotalDeletionFileRows(),
                summary.getTotalFragments(),
                summary.getTotalFilesSize(),
                tags.stream()
                    .filter(tag ->
                        tag.getVersion() == version.getId()
                            && tag.getBranch().orElse(Reference.MAIN).equals(branch))
                    .map(Tag::getName)
                    .sorted()
                    .toList()));
      }
    });
    return versions;
  }

  private @Nullable String operation(References.Place place, long version) {
    if (!place.location().isLocal()) {
      return null; // it would be another request for each version
    }
    Manifest manifest = table.session().find(place.location(), version);
    Path file = manifest == null ? null : manifest.file();
    return file == null ? null : TransactionFile.operation(file);
  }

  /**
   * A tag.
   *
   * @param branch the branch whose version it names: {@code main} or another
   * @param created when it was made, or null if Lance does not tell
   */
  public record TagInfo(
      String name, String branch, long version, @Nullable LocalDateTime created) {}

  /** The tags by name. */
  public List<TagInfo> tags() {
    return references.tags().stream()
        .map(tag ->
            new TagInfo(
                tag.getName(),
                tag.getBranch().orElse(Reference.MAIN),
                tag.getVersion(),
                tag.getCreatedAt().map(Reference::clock).orElse(null)))
        .sorted(Comparator.comparing(TagInfo::name))
        .toList();
  }

  /**
   * A branch.
   *
   * @param parent the branch from which it came: {@code main} or another
   * @param parentVersion the version with which it began
   */
  public record BranchInfo(String name, String parent, long parentVersion, LocalDateTime created) {}

  /** The branches by name, without {@code main}. */
  public List<BranchInfo> branches() {
    return references.branches().stream()
        .map(branch ->
            new BranchInfo(
                branch.getName(),
                branch.getParentBranch().orElse(Reference.MAIN),
                branch.getParentVersion(),
                Reference.clock(Instant.ofEpochSecond(branch.getCreateAt()))))
        .sorted(Comparator.comparing(BranchInfo::name))
        .toList();
  }

  /**
   * A fragment: some of the rows, in data files of their own.
   *
   * @param rows live rows
   * @param deletedRows rows that are deleted but still lie in the files
   * @param bytes size of the files, 0 where it is not known
   * @param files number of data files
   * @param format Lance's file format, as {@code 2.1}
   */
  public record FragmentInfo(
      int id, long rows, long deletedRows, long bytes, int files, String format) {}

  /** The fragments of the newest version. */
  public List<FragmentInfo> fragments() {
    return Head.read(
        table,
        "fragments of table " + table.name(),
        dataset -> {
          List<FragmentInfo> fragments = new ArrayList<>();
          for (Fragment fragment : dataset.getFragments()) {
            FragmentMetadata data = fragment.metadata();
            long bytes = 0;
            String format = "";
            for (DataFile file : data.getFiles()) {
              Long size = file.getFileSizeBytes();
              bytes += size == null ? 0 : size;
              format = file.getFileMajorVersion() + "." + file.getFileMinorVersion();
            }
            fragments.add(
                new FragmentInfo(
                    data.getId(),
                    data.getNumRows(),
                    data.getNumDeletions(),
                    bytes,
                    data.getFiles().size(),
                    format));
          }
          return fragments;
        });
  }

  private References.Place resolve(String version) {
    return references.resolve(version.isEmpty() ? List.of() : Reference.parse(version));
  }

  /** The place with the number of its newest version, if it has none. */
  private References.Place pinned(References.Place place) {
    return new References.Place(
        place.location(), place.branch(), references.version(place).manifest().version());
  }

  /** Work that changes files of the dataset beside its versions. */
  private interface Change {
    void run(Dataset dataset) throws Exception;
  }

  /**
   * Changes files beside the dataset's versions and forces them to disk.
   *
   * @param location the dataset or the branch through which Lance does it
   * @param directories where in the dataset the files are
   */
  private void change(String doing, Location location, List<String> directories, Change work) {
    location.checkWritable(doing);
    try (DatasetLock.Hold inPlace = DatasetLock.share(location, () -> {});
        LanceSession.Lease own = table.session().acquireOwn(location)) {
      work.run(own.dataset());
      if (table.location().isLocal()) {
        force(table.location().localPath(), directories);
      }
    } catch (Exception e) { // lance-core throws IOException undeclared
      throw LanceErrors.translate(doing, e);
    }
  }

  private static void force(Path dataset, List<String> directories) throws IOException {
    for (String directory : directories) {
      Path path = dataset;
      for (Path segment : Path.of(directory)) {
        Durable.forceDirectory(path);
        path = path.resolve(segment);
      }
      Durable.force(path);
    }
  }

  /** Fails if a new tag or branch cannot have the name. */
  private void checkName(String kind, String name) {
    Reference.checkName(name);
    if (name.contains("/") || name.equals(Reference.MAIN)) {
      throw bad("a " + kind + " cannot be named '" + name + "'");
    }
  }

  private BindSqlException exists(String kind, String name) {
    return new BindSqlException(
        ErrorCode.OBJECT_EXISTS, "table " + table.name() + " has a " + kind + " '" + name + "'");
  }

  private static BindSqlException needed(String doing, String by) {
    return new BindSqlException(
        ErrorCode.DEPENDENT_OBJECTS, doing + ": " + by + " on a version of it");
  }

  private static BindSqlException bad(String message) {
    return new BindSqlException(ErrorCode.BAD_ARGUMENT, message);
  }
}
