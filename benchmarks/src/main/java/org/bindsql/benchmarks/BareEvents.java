package org.bindsql.benchmarks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.lance.Dataset;
import org.lance.WriteParams.WriteMode;
import org.lance.index.IndexOptions;
import org.lance.index.IndexParams;
import org.lance.index.IndexType;
import org.lance.index.scalar.ScalarIndexParams;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/** The same work by calls of lance-core. */
final class BareEvents implements AutoCloseable {
  /** How far behind the process's clock the file system's may be. */
  private static final Duration CLOCK_SLACK = Duration.ofMillis(10);

  private final BufferAllocator allocator;
  private final Path folder;
  private final Dataset events;

  /** Opens table {@code events} of a folder. */
  BareEvents(BufferAllocator allocator, Path folder) {
    this.allocator = allocator;
    this.folder = folder;
    this.events = open(allocator, folder, "events");
  }

  private static Dataset open(BufferAllocator allocator, Path folder, String name) {
    return Dataset.open().allocator(allocator).uri(uri(folder, name)).build();
  }

  private static String uri(Path folder, String name) {
    return folder.resolve(name + ".lance").toString();
  }

  /** Writes rows as a table, with an index on the column {@code id} if wanted. */
  static void create(
      BufferAllocator allocator, Path folder, String name, ArrowReader rows, boolean index)
      throws IOException {
    write(allocator, folder, name, rows, WriteMode.CREATE, false);
    if (index) {
      try (Dataset dataset = open(allocator, folder, name)) {
        IndexParams btree =
            IndexParams.builder()
                .setScalarIndexParams(ScalarIndexParams.create("btree", "{}"))
                .build();
        dataset.createIndex(
            IndexOptions.builder(List.of("id"), IndexType.BTREE, btree)
                .withIndexName("ids")
                .build());
      }
    }
  }

  private static void write(
      BufferAllocator allocator,
      Path folder,
      String name,
      ArrowReader rows,
      WriteMode mode,
      boolean durable)
      throws IOException {
    FileTime start = FileTime.from(Instant.now().minus(CLOCK_SLACK));
    try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, rows, stream);
      Dataset.write().allocator(allocator).stream(stream)
          .uri(uri(folder, name))
          .mode(mode)
          .execute()
          .close();
    }
    if (durable) {
      force(Path.of(uri(folder, name)), start);
    }
  }

  /** Forces to disk the files that changed since a time, and all directories. */
  private static void force(Path dataset, FileTime since) throws IOException {
    try (Stream<Path> files = Files.walk(dataset)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        boolean directory = Files.isDirectory(file);
        if (directory || Files.getLastModifiedTime(file).compareTo(since) >= 0) {
          try (FileChannel channel =
              FileChannel.open(
                  file, directory ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        }
      }
    }
  }

  /**
   * Appends rows.
   *
   * @param durable whether to force what was written to disk, which Lance does not
   */
  long append(String name, ArrowReader rows, boolean durable) throws IOException {
    write(allocator, folder, name, rows, WriteMode.APPEND, durable);
    return 0;
  }

  /** Writes the rows of a scan of another table, as {@link #append}. */
  long copy(String from, String to, WriteMode mode, boolean durable) throws Exception {
    try (Dataset source = open(allocator, folder, from);
        LanceScanner scanner = source.newScan()) {
      write(allocator, folder, to, scanner.scanBatches(), mode, durable); // closes the reader
    }
    return 0;
  }

  /** Number of rows. */
  long count() {
    events.checkoutLatest();
    return events.countRows();
  }

  /** Number of rows that pass a filter. */
  long count(String filter) {
    events.checkoutLatest();
    return events.countRows(filter);
  }

  /** Number of rows of a scan that is read to its end. */
  long scan(String filter, List<String> columns) throws Exception {
    events.checkoutLatest();
    ScanOptions options = new ScanOptions.Builder().filter(filter).columns(columns).build();
    long rows = 0;
    try (LanceScanner scanner = events.newScan(options);
        ArrowReader reader = scanner.scanBatches()) {
      while (reader.loadNextBatch()) {
        rows += reader.getVectorSchemaRoot().getRowCount();
      }
    }
    return rows;
  }

  @Override
  public void close() {
    events.close();
  }
}
