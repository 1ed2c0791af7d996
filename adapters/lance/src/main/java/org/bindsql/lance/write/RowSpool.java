package org.bindsql.lance.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.bindsql.vector.VectorCopy;
import org.jspecify.annotations.Nullable;

/** Rows put aside in a temporary file, to be read after the last one was added. */
final class RowSpool implements BatchReader {
  private final BufferAllocator allocator;
  private @Nullable FileChannel file;
  private @Nullable VectorSchemaRoot root;
  private @Nullable ArrowStreamWriter writer;
  private @Nullable ArrowStreamReader reader;

  RowSpool(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /** Adds the active rows of a batch; all batches have the same columns. */
  void add(Batch batch) {
    try {
      VectorSchemaRoot target = target(batch);
      Selection rows = batch.selection();
      for (int c = 0; c < batch.columns().size(); c++) {
        FieldVector to = target.getVector(c);
        to.setInitialCapacity(rows.count());
        to.allocateNew();
        for (int i = 0; i < rows.count(); i++) {
          VectorCopy.copy(batch.column(c), rows.position(i), to, i);
        }
      }
      target.setRowCount(rows.count());
      if (writer != null) {
        writer.writeBatch();
      }
      target.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private VectorSchemaRoot target(Batch batch) throws IOException {
    VectorSchemaRoot target = root;
    if (target == null) {
      Path path = Files.createTempFile("bindsql-rows-", ".arrows");
      file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      List<FieldVector> vectors = VectorCopy.emptyLike(batch.columns(), 0, allocator);
      target = new VectorSchemaRoot(vectors);
      root = target;
      writer = new ArrowStreamWriter(target, null, file);
      writer.start();
    }
    return target;
  }

  @Override
  public @Nullable Batch next() {
    if (file == null) {
      return null;
    }
    try {
      if (reader == null) {
        if (writer != null) {
          writer.end();
        }
        file.position(0);
        reader = new ArrowStreamReader(Channels.newInputStream(file), allocator);
      }
      if (!reader.loadNextBatch()) {
        return null;
      }
      VectorSchemaRoot rows = reader.getVectorSchemaRoot();
      return Batch.of(rows.getFieldVectors(), rows.getRowCount());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // Closed from the last to the first; closing the file deletes it.
    try (FileChannel ignoredFile = file;
        VectorSchemaRoot ignoredRoot = root;
        ArrowStreamReader ignoredReader = reader) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
