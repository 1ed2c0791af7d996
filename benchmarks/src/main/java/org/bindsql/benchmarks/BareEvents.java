package org.bindsql.benchmarks;

import java.nio.file.Path;
import java.util.List;
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
      BufferAllocator allocator, Path folder, String name, ArrowReader rows, boolean index) {
    write(allocator, folder, name, rows, WriteMode.CREATE);
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
      BufferAllocator allocator, Path folder, String name, ArrowReader rows, WriteMode mode) {
    try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, rows, stream);
      Dataset.write().allocator(allocator).stream(stream)
          .uri(uri(folder, name))
          .mode(mode)
          .execute()
          .close();
    }
  }

  /** Appends rows; returns their number. */
  long append(String name, ArrowReader rows) {
    write(allocator, folder, name, rows, WriteMode.APPEND);
    return 0;
  }

  /** Appends the rows of a scan of another table. */
  long copy(String from, String to, WriteMode mode) throws Exception {
    try (Dataset source = open(allocator, folder, from);
        LanceScanner scanner = source.newScan()) {
      write(allocator, folder, to, scanner.scanBatches(), mode); // which closes the reader
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
