package org.bindsql.vector;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Counts batches that come from a native library against a limit.
 *
 * <p>Arrow loses native memory when an allocator refuses a buffer in the middle of an import.
 * Batches are so imported through {@link #allocator}, which refuses nothing, and counted when they
 * are there: a statement exceeds its limit by one batch at most. Not thread-safe.
 */
public final class ImportedMemory implements AutoCloseable {
  private final BufferAllocator limited;
  private long counted;

  /**
   * Creates a counter at 0.
   *
   * @param limited the allocator whose limit holds
   */
  public ImportedMemory(BufferAllocator limited) {
    this.limited = limited;
  }

  /** The allocator to import through: the root of the limited one. */
  public BufferAllocator allocator() {
    return root(limited);
  }

  /** The root of an allocator. */
  public static BufferAllocator root(BufferAllocator allocator) {
    BufferAllocator root = allocator;
    while (root.getParentAllocator() != null) {
      root = root.getParentAllocator();
    }
    return root;
  }

  /**
   * Loads the next batch of a reader, which takes the place of the one before.
   *
   * @return whether there was one
   * @throws OutOfMemoryException if the batch exceeds the limit
   */
  public boolean loadNextBatch(ArrowReader reader) throws IOException {
    close();
    if (!reader.loadNextBatch()) {
      return false;
    }
    long bytes = 0;
    for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
      bytes += vector.getBufferSize();
    }
    boolean fits = limited.forceAllocate(bytes);
    counted = bytes;
    if (!fits) {
      close();
      throw new OutOfMemoryException(
          "a batch of " + bytes + " bytes exceeds the limit of " + limited.getLimit() + " bytes");
    }
    return true;
  }

  /** Counts nothing any more; the batch itself belongs to its reader. */
  @Override
  public void close() {
    limited.releaseBytes(counted);
    counted = 0;
  }
}
