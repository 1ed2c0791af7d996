package org.bindsql.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.dataset.file.DatasetFileWriter;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.type.ConvertedBatches;
import org.bindsql.vector.ArrowMemory;
import org.bindsql.vector.BatchArrowReader;
import org.bindsql.vector.BatchReader;

/**
 * Writes Parquet by Arrow's native library, one row group for {@value #GROUP_ROWS} rows.
 *
 * <p>The library cannot write lists of fixed size that may be NULL; they become lists. Nor does it
 * make a file of no rows.
 */
record ParquetCodec() implements FileOutput.Codec {
  static final int GROUP_ROWS = 122_880;

  private static final long PATIENCE = 10_000_000_000L; // nanoseconds

  /** Fails if two columns have the same name, which the library refuses in words of its own. */
  private static void checkNames(Schema schema) {
    Set<String> names = new HashSet<>();
    for (Field field : schema.getFields()) {
      if (!names.add(field.getName())) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "two columns are named '" + field.getName() + "'; a Parquet file needs distinct names");
      }
    }
  }

  @Override
  public long write(Path file, Schema schema, BatchReader rows, ExecutionContext context)
      throws IOException {
    checkNames(schema);
    Schema storable = storable(schema);
    Path parts = Files.createDirectory(file.resolveSibling("parts"));
    // A write that fails does not give its batches back, so they get an allocator of their own.
    BufferAllocator allocator = ArrowMemory.root();
    boolean complete = false;
    try (BatchArrowReader reader =
        new BatchArrowReader(
            allocator,
            storable,
            new RowGroups(
                new ConvertedBatches(rows, storable, context.allocator()), storable, allocator))) {
      try {
        DatasetFileWriter.write(
            allocator,
            reader,
            org.apache.arrow.dataset.file.FileFormat.PARQUET,
            parts.toUri().toString(),
            new String[0],
            1024,
            "part{i}.parquet");
      } catch (RuntimeException e) {
        Throwable failure = reader.failure();
        switch (failure) {
          case null ->
              throw new IOException(FileErrors.firstLine(String.valueOf(e.getMessage())), e);
          case RuntimeException own -> throw own;
          case Error own -> throw own;
          default -> throw new IOException(failure);
        }
      }
      if (reader.rows() == 0) {
        throw new BindSqlException(
            ErrorCode.NOT_SUPPORTED,
            "there are no rows, of which no Parquet file can be made; write CSV or Arrow");
      }
      Files.move(parts.resolve("part0.parquet"), file);
      complete = true;
      return reader.rows();
    } finally {
      close(allocator, complete);
    }
  }

  /** The library's threads give batches back some time after the write has ended. */
  private static void close(BufferAllocator allocator, boolean complete) {
    long end = System.nanoTime() + (complete ? PATIENCE : PATIENCE / 10);
    while (allocator.getAllocatedMemory() > 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(100_000);
    }
    try {
      allocator.close();
    } catch (IllegalStateException e) {
      if (complete) {
        throw e;
      }
    }
  }

  private static Schema storable(Schema schema) {
    return new Schema(schema.getFields().stream().map(ParquetCodec::storable).toList());
  }

  private static Field storable(Field field) {
    List<Field> children = new ArrayList<>();
    field.getChildren().forEach(child -> children.add(storable(child)));
    ArrowType type =
        switch (field.getType()) {
          case ArrowType.FixedSizeList ignored when field.isNullable() -> ArrowType.List.INSTANCE;
          default -> field.getType();
        };
    return new Field(field.getName(), new FieldType(field.isNullable(), type, null), children);
  }
}
