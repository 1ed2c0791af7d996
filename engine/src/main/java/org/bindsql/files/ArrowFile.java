package org.bindsql.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.ArrowMemory;
import org.bindsql.vector.ArrowReaderBatches;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** A file of Arrow IPC, in the file or the stream format. */
public final class ArrowFile implements FileSource {
  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

  private final Path file;
  private final Schema schema;

  private ArrowFile(Path file, Schema schema) {
    this.file = file;
    this.schema = schema;
  }

  /** Reads the file's columns. */
  public static ArrowFile of(Path file) {
    try (BufferAllocator allocator = ArrowMemory.root();
        ArrowReader reader = reader(file, allocator)) {
      return new ArrowFile(file, ArrowReaderBatches.schema(reader));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw failure(file, e);
    }
  }

  private static ArrowReader reader(Path file, BufferAllocator allocator) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file);
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
    try {
      byte[] start;
      try (var bytes = Files.newInputStream(file)) {
        start = bytes.readNBytes(MAGIC.length);
      }
      return Arrays.equals(start, MAGIC)
          ? new ArrowFileReader(channel, allocator)
          : new ArrowStreamReader(channel, allocator);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** A length that is garbage asks for more memory than there is, in vain and without harm. */
  private static RuntimeException failure(Path file, Throwable e) {
    return e instanceof BindSqlException || e instanceof OutOfMemoryException
        ? (RuntimeException) e
        : FileErrors.damaged(file, FileFormat.ARROW, e);
  }

  @Override
  public Schema schema() {
    return schema;
  }

  /** Counting would read the file; a value is taken for eight bytes. */
  @Override
  public double estimateRowCount() {
    try {
      return Files.size(file) / (8.0 * Math.max(1, schema.getFields().size()));
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }

  @Override
  public BatchReader open(int[] columns, ExecutionContext context) {
    try {
      return new Rows(reader(file, context.allocator()), columns, context);
    } catch (IOException | RuntimeException e) {
      throw failure(file, e);
    }
  }

  private final class Rows implements BatchReader {
    private final ArrowReader reader;
    private final ArrowReaderBatches batches;
    private final int[] columns;
    private final ExecutionContext context;

    Rows(ArrowReader reader, int[] columns, ExecutionContext context) {
      this.reader = reader;
      this.batches = new ArrowReaderBatches(reader, context.allocator());
      this.columns = columns.clone();
      this.context = context;
    }

    @Override
    public @Nullable Batch next() {
      context.checkCancelled();
      try {
        Batch batch = batches.next();
        if (batch == null) {
          return null;
        }
        // Offsets that lead out of a buffer would be followed by native code.
        reader.getVectorSchemaRoot().getFieldVectors().forEach(VectorCheck::check);
        return batch.select(columns);
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        throw failure(file, e);
      }
    }

    @Override
    public void close() {
      try (reader;
          batches) {
        return;
      } catch (IOException e) {
        throw failure(file, e);
      }
    }
  }
}
