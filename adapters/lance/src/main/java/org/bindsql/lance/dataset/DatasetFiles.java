package org.bindsql.lance.dataset;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lance.FragmentMetadata;
import org.lance.fragment.DataFile;
import org.lance.fragment.DeletionFile;
import org.lance.fragment.DeletionFileType;
import org.lance.operation.Update;

/** Where Lance puts the files of a dataset on disk. */
public record DatasetFiles(Path dataset) {
  /** The directory of the data files. */
  public Path dataDirectory() {
    return dataset.resolve("data");
  }

  Path deletionsDirectory() {
    return dataset.resolve("_deletions");
  }

  /** Where the manifests lie. */
  public Path versionsDirectory() {
    return dataset.resolve("_versions");
  }

  Path transactionsDirectory() {
    return dataset.resolve("_transactions");
  }

  /** The data files of fragments that this dataset wrote itself. */
  public List<Path> data(List<FragmentMetadata> fragments) {
    List<Path> paths = new ArrayList<>();
    for (FragmentMetadata fragment : fragments) {
      for (DataFile file : fragment.getFiles()) {
        if (file.getBaseId().isEmpty()) {
          paths.add(dataDirectory().resolve(file.getPath()));
        }
      }
    }
    return paths;
  }

  /** The deletion files of fragments, where they have one. */
  public List<Path> deletions(List<FragmentMetadata> fragments) {
    List<Path> paths = new ArrayList<>();
    for (FragmentMetadata fragment : fragments) {
      DeletionFile file = fragment.getDeletionFile();
      if (file != null && file.getBaseId().isEmpty()) {
        paths.add(
            deletionsDirectory()
                .resolve(
                    fragment.getId()
                        + "-"
                        + Long.toUnsignedString(file.getReadVersion())
                        + "-"
                        + Long.toUnsignedString(file.getId())
                        + (file.getFileType() == DeletionFileType.ARRAY ? ".arrow" : ".bin")));
      }
    }
    return paths;
  }

  /** The files that an operation makes part of a version. */
  public List<Path> of(Update update) {
    List<Path> paths = data(update.newFragments());
    paths.addAll(deletions(update.updatedFragments()));
    return paths;
  }

  /** A version's manifest; it must exist. */
  public Path manifest(long version) throws IOException {
    List<String> names =
        version < 0
            ? List.of("d" + Long.toUnsignedString(version))
            : List.of(Long.toUnsignedString(-1L - version), Long.toString(version));
    for (String name : names) {
      Path path = versionsDirectory().resolve(name + ".manifest");
      if (Files.exists(path)) {
        return path;
      }
    }
    throw new IOException("version " + version + " of " + dataset + " has no manifest");
  }

  /** A transaction's own file, or null if it has none. */
  public @Nullable Path transaction(String uuid) throws IOException {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(transactionsDirectory(), "*-" + uuid + ".txn")) {
      for (Path path : found) {
        return path;
      }
    }
    return null;
  }
}
