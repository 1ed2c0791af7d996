package org.bindsql.vector;

import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Off-heap memory of an Arrow allocator that begins at a line of the cache, which Arrow's own
 * buffers need not do: vectors that cross lines take twice as long to load.
 */
public final class AlignedBuffer implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final ArrowBuf buffer;
  private final MemorySegment memory;

  /**
   * Allocates memory, which {@link #close} frees.
   *
   * @param bytes 0 or more
   */
  public AlignedBuffer(BufferAllocator allocator, long bytes) {
    this.buffer = allocator.buffer(bytes + ALIGNMENT);
    long address = (buffer.memoryAddress() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    this.memory = MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /** The memory; its bytes are anything at first. */
  public MemorySegment memory() {
    return memory;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
