package org.bindsql.lance.resident;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.bindsql.cascade.CodeFetch;
import org.bindsql.cascade.Codes;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.jni.LanceErrors;
import org.bindsql.vector.ImportedMemory;
import org.jspecify.annotations.Nullable;

/** Fingerprints that Lance reads row by row, into memory of the statement. */
final class TakenCodes implements CodeFetch {
  private final ColumnSource source;
  private final Projection projection;
  private final ImportedMemory memory;
  private @Nullable ArrowBuf buffer;

  TakenCodes(ColumnSource source) {
    this.source = source;
    this.projection = new Projection(source.snapshot(), source.column());
    projection.requireAddressable();
    this.memory = new ImportedMemory(source.context().allocator());
  }

  @Override
  public Codes fetch(long[] rowKeys, int count) {
    source.context().checkCancelled();
    int width = source.width();
    MemorySegment target = target((long) count * width);
    List<Long> offsets = Arrays.stream(rowKeys, 0, count).boxed().toList();
    int done = 0;
    try (ArrowReader taken = source.dataset().take(offsets, projection.names());
        memory;
        projection) {
      while (memory.loadNextBatch(taken)) {
        int rows = taken.getVectorSchemaRoot().getRowCount();
        if (rows > count - done) {
          throw rowsDiffer(done + (long) rows, count);
        }
        FixedSizeBinaryVector values =
            (FixedSizeBinaryVector)
                projection.vectors(taken, source.context().allocator()).getFirst();
        long bytes = (long) rows * width;
        MemorySegment data =
            MemorySegment.ofAddress(values.getDataBuffer().memoryAddress()).reinterpret(bytes);
        MemorySegment.copy(data, 0, target, (long) done * width, bytes);
        done += rows;
      }
    } catch (IOException | RuntimeException e) {
      throw LanceErrors.translate(source.doing(), e);
    }
    if (done != count) {
      throw rowsDiffer(done, count);
    }
    return Codes.rowMajor(target, width, count);
  }

  private MemorySegment target(long bytes) {
    ArrowBuf current = buffer;
    if (current == null || current.capacity() < bytes) {
      close();
      current = source.context().allocator().buffer(bytes);
      buffer = current;
    }
    return MemorySegment.ofAddress(current.memoryAddress()).reinterpret(bytes);
  }

  private BindSqlException rowsDiffer(long found, int wanted) {
    return new BindSqlException(
        ErrorCode.DATA_CORRUPTED,
        "%s: %d rows by their positions, expected %d".formatted(source.doing(), found, wanted));
  }

  @Override
  public void close() {
    if (buffer != null) {
      buffer.close();
      buffer = null;
    }
  }
}
