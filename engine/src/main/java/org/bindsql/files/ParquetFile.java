package org.bindsql.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.ArrowMemory;
import org.bindsql.vector.ArrowReaderBatches;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.ImportedMemory;
import org.jspecify.annotations.Nullable;

/** A Parquet file, read by Arrow's native library, which decodes only the wanted columns. */
public final class ParquetFile implements FileSource {
  private final Path file;
  private final Schema schema;

  private ParquetFile(Path file, Schema schema) {
    this.file = file;
    this.schema = schema;
  }

  /** Reads the file's columns. */
  public static ParquetFile of(Path file) {
    requireFile(file);
    try (BufferAllocator allocator = ArrowMemory.root();
        FileSystemDatasetFactory factory = factory(file, allocator)) {
      return new ParquetFile(file, factory.inspect());
    } catch (RuntimeException e) {
      throw FileErrors.damaged(file, FileFormat.PARQUET, e);
    }
  }

  /** The native library would take a directory for a set of files. */
  static void requireFile(Path file) {
    try {
      Files.newInputStream(file).close();
      if (Files.isDirectory(file)) {
        throw new IOException("is a directory");
      }
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }

  private static FileSystemDatasetFactory factory(Path file, BufferAllocator allocator) {
    return new FileSystemDatasetFactory(
        allocator,
        NativeMemoryPool.getDefault(),
        org.apache.arrow.dataset.file.FileFormat.PARQUET,
        file.toUri().toString());
  }

  @Override
  public Schema schema() {
    return schema;
  }

  /** The row count in the footer is not to be had. */
  @Override
  public double estimateRowCount() {
    return FileSource.estimateRowCount(file, schema);
  }

  @Override
  public BatchReader open(int[] columns, ExecutionContext context) {
    Deque<AutoCloseable> open = new ArrayDeque<>();
    ImportedMemory memory = new ImportedMemory(context.allocator());
    try {
      FileSystemDatasetFactory factory = factory(file, memory.allocator());
      open.push(factory);
      Dataset dataset = factory.finish(schema);
      open.push(dataset);
      String[] names =
          Arrays.stream(columns)
              .mapToObj(column -> schema.getFields().get(column).getName())
              .toArray(String[]::new);
      Scanner scanner =
          dataset.newScan(
              new ScanOptions.Builder(context.batchSize()).columns(Optional.of(names)).build());
      open.push(scanner);
      ArrowReader reader = scanner.scanBatches();
      open.push(reader);
      return new Rows(reader, memory, open, context);
    } catch (RuntimeException | Error e) {
      close(open);
      throw failure(e);
    }
  }

  private RuntimeException failure(Throwable e) {
    return FileErrors.failure(file, FileFormat.PARQUET, e);
  }

  private void close(Deque<AutoCloseable> open) {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw FileErrors.damaged(file, FileFormat.PARQUET, e);
      }
    }
  }

  private final class Rows implements BatchReader {
    private final ArrowReaderBatches batches;
    private final Deque<AutoCloseable> open;
    private final ExecutionContext context;

    Rows(
        ArrowReader reader,
        ImportedMemory memory,
        Deque<AutoCloseable> open,
        ExecutionContext context) {
      this.batches = new ArrowReaderBatches(reader, context.allocator(), memory);
      this.open = open;
      this.context = context;
    }

    @Override
    public @Nullable Batch next() {
      context.checkCancelled();
      try {
        return batches.next();
      } catch (RuntimeException e) {
        throw failure(e);
      }
    }

    @Override
    public void close() {
      try (batches) {
        ParquetFile.this.close(open);
      }
    }
  }
}
