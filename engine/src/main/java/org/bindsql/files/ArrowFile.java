package org.bindsql.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Schema;
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
    BufferAllocator allocator = ArrowMemory.root();
    boolean failed = true;
    try (ArrowReader reader = reader(file, allocator)) {
      ArrowFile result = new ArrowFile(file, ArrowReaderBatches.schema(reader));
      failed = false;
      return result;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw failure(file, e);
    } finally {
      close(allocator, failed);
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
    return FileErrors.failure(file, FileFormat.ARROW, e);
  }

  @Override
  public Schema schema() {
    return schema;
  }

  /** Counting would read the file. */
  @Override
  public double estimateRowCount() {
    return FileSource.estimateRowCount(file, schema);
  }

  @Override
  public BatchReader open(int[] columns, ExecutionContext context) {
    BufferAllocator allocator = ArrowMemory.root();
    try {
      return new Rows(reader(file, allocator), allocator, columns, context);
    } catch (IOException | RuntimeException e) {
      close(allocator, true);
      throw failure(file, e);
    }
  }

  private static void close(BufferAllocator allocator, boolean failed) {
    try {
      allocator.close();
    } catch (IllegalStateException e) {
      if (!failed) {
        throw e;
      }
    }
  }

  /**
   * Rows of the file. Arrow's reader does not give back the memory of a message that is damaged, so
   * it has memory of its own, and the batches are copies.
   */
  private final class Rows implements BatchReader {
    private final ArrowReader reader;
    private final BufferAllocator own;
    private final ArrowReaderBatches batches;
    private final int[] columns;
    private final ExecutionContext context;
    private final List<FieldVector> copies = new ArrayList<>();
    private boolean failed;
    private boolean closed;

    Rows(ArrowReader reader, BufferAllocator own, int[] columns, ExecutionContext context) {
      this.reader = reader;
      this.own = own;
      this.batches = new ArrowReaderBatches(reader, context.allocator());
      this.columns = columns.clone();
      this.context = context;
    }

    @Override
    public @Nullable Batch next() {
      context.checkCancelled();
      release();
      try {
        Batch batch = batches.next();
        if (batch == null) {
          return null;
        }
        // Offsets that lead out of a buffer would be followed by native code.
        reader.getVectorSchemaRoot().getFieldVectors().forEach(VectorCheck::check);
        for (int column : columns) {
          FieldVector vector = batch.column(column);
          FieldVector copy = vector.getField().createVector(context.allocator());
          copies.add(copy);
          copy(vector, copy, context.allocator());
        }
        return Batch.of(copies, batch.rowCount());
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        failed = true;
        throw failure(file, e);
      }
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      release();
      try (reader;
          batches) {
        return;
      } catch (IOException e) {
        throw failure(file, e);
      } finally {
        ArrowFile.close(own, failed);
      }
    }

    private void release() {
      copies.forEach(FieldVector::close);
      copies.clear();
    }
  }

  /** Copies buffers as they are, those of children included. */
  private static void copy(FieldVector from, FieldVector to, BufferAllocator allocator) {
    List<ArrowBuf> buffers = new ArrayList<>();
    try {
      for (ArrowBuf buffer : from.getFieldBuffers()) {
        ArrowBuf copy = allocator.buffer(buffer.readableBytes());
        buffers.add(copy);
        copy.setBytes(0, buffer, buffer.readerIndex(), buffer.readableBytes());
        copy.writerIndex(buffer.readableBytes());
      }
      to.loadFieldBuffers(new ArrowFieldNode(from.getValueCount(), from.getNullCount()), buffers);
    } finally {
      buffers.forEach(ArrowBuf::close);
    }
    for (int i = 0; i < from.getChildrenFromFields().size(); i++) {
      copy(from.getChildrenFromFields().get(i), to.getChildrenFromFields().get(i), allocator);
    }
  }
}
