package org.bindsql.lance.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.bindsql.lance.dataset.DatasetFiles;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.lance.definition.TableOptions;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.FragmentMetadata;
import org.lance.WriteParams;
import org.lance.WriteParams.WriteMode;

/**
 * New data files of a dataset, which no version has yet.
 *
 * <p>They are written one by one, so that all of them are known and can be deleted again if the
 * statement fails. In an object store they stay for VACUUM.
 */
public final class DataFiles {
  /** Rows per data file where the table says nothing else, as in Lance. */
  private static final int DEFAULT_MAX_ROWS = 1024 * 1024;

  /** Bytes per data file where the table says nothing else, as in Lance. */
  private static final long DEFAULT_MAX_BYTES = 90L << 30;

  private final Location location;
  private final BufferAllocator allocator;
  private final StoredColumns columns;
  private final int maxRows;
  private final WriteParams params;
  private final List<FragmentMetadata> written = new ArrayList<>();

  /**
   * Creates a writer for the version that a dataset is open at.
   *
   * @param inserting whether all rows are new
   */
  DataFiles(
      Location location,
      Dataset dataset,
      Snapshot snapshot,
      boolean inserting,
      BufferAllocator allocator) {
    this.location = location;
    this.allocator = allocator;
    String format = dataset.getLanceFileFormatVersion();
    this.columns = new StoredColumns(snapshot, format, inserting);
    Map<String, String> config = dataset.getConfig();
    this.maxRows = maxRows(config);
    this.params =
        new WriteParams.Builder()
            .withMode(WriteMode.APPEND) // or columns would be numbered anew
            .withMaxRowsPerFile(maxRows)
            .withMaxBytesPerFile(number(config, TableOptions.MAX_BYTES_KEY, DEFAULT_MAX_BYTES))
            .withDataStorageVersion(format)
            .withStorageOptions(location.storageOptions())
            .build();
  }

  /** Rows per data file that a table of this configuration wants. */
  public static int maxRows(Map<String, String> config) {
    long rows = number(config, TableOptions.MAX_ROWS_KEY, DEFAULT_MAX_ROWS);
    return (int) Math.min(Integer.MAX_VALUE, rows);
  }

  private static long number(Map<String, String> config, String key, long otherwise) {
    try {
      return Math.max(1, Long.parseLong(config.getOrDefault(key, "")));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /**
   * Writes the active rows of a reader, which stays open.
   *
   * @param keys what is told of the rows, or null
   * @return the files as fragments of no version, in the order of the rows
   */
  List<FragmentMetadata> write(BatchReader rows, @Nullable KeyCheck keys) throws Exception {
    List<FragmentMetadata> fragments = new ArrayList<>();
    RowFeed feed = new RowFeed(columns, rows, keys);
    while (feed.hasRows()) {
      fragments.addAll(writeFile(feed));
    }
    return fragments;
  }

  private List<FragmentMetadata> writeFile(RowFeed feed) throws Exception {
    try (ArrowReader reader = feed.stream(allocator, maxRows);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, reader, stream);
      List<FragmentMetadata> fragments =
          Fragment.write().datasetUri(location.uri()).data(stream).writeParams(params).execute();
      written.addAll(fragments);
      return fragments;
    } catch (Exception e) { // lance-core throws IOException undeclared
      if (feed.failure() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** The files on disk; empty in an object store. */
  List<Path> paths() {
    Path directory = location.path();
    return directory == null ? List.of() : new DatasetFiles(directory).data(written);
  }

  /**
   * Deletes what was written, and the deletion files of the given fragments; only if no version can
   * have them.
   */
  void discard(List<FragmentMetadata> fragments) {
    List<Path> paths = new ArrayList<>(paths());
    Path directory = location.path();
    if (directory != null) {
      paths.addAll(new DatasetFiles(directory).deletions(fragments));
    }
    for (Path path : paths) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        continue; // VACUUM will find it
      }
    }
    written.clear();
  }
}
