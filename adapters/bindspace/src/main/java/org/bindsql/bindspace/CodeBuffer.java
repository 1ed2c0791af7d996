package org.bindsql.bindspace;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The fingerprints of one chunk, off-heap: slot s begins at byte {@code s * 2048}.
 *
 * <p>States share a buffer as long as no slot that one of them may read has to change: a slot that
 * was never written can be written in place, because no reader looks at it. Freed when the last
 * state that refers to it is.
 */
final class CodeBuffer {
  static final int WIDTH = 2048;
  static final int BYTES = WIDTH * Addresses.SLOTS;

  private final ArrowBuf memory;
  private final MemorySegment segment;
  private final AtomicInteger references = new AtomicInteger(1);
  private final SlotSet written = new SlotSet(); // touched by the writer only

  private CodeBuffer(BufferAllocator allocator) {
    this.memory = allocator.buffer(BYTES);
    this.segment = MemorySegment.ofAddress(memory.memoryAddress()).reinterpret(BYTES);
  }

  /** A zeroed buffer with one reference. */
  static CodeBuffer allocate(BufferAllocator allocator) {
    CodeBuffer buffer = new CodeBuffer(allocator);
    buffer.segment.fill((byte) 0);
    return buffer;
  }

  /** A copy with one reference, of which only the given slots count. */
  CodeBuffer copy(BufferAllocator allocator, SlotSet slots) {
    CodeBuffer copy = new CodeBuffer(allocator);
    copy.segment.copyFrom(segment);
    copy.written.addAll(slots);
    return copy;
  }

  void retain() {
    references.incrementAndGet();
  }

  void release() {
    if (references.decrementAndGet() == 0) {
      memory.close();
    }
  }

  ArrowBuf memory() {
    return memory;
  }

  MemorySegment segment() {
    return segment;
  }

  boolean isWritten(int slot) {
    return written.contains(slot);
  }

  void write(int slot, byte[] fingerprint) {
    written.add(slot);
    MemorySegment.copy(fingerprint, 0, segment, ValueLayout.JAVA_BYTE, (long) slot * WIDTH, WIDTH);
  }

  byte[] read(int slot) {
    byte[] fingerprint = new byte[WIDTH];
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, (long) slot * WIDTH, fingerprint, 0, WIDTH);
    return fingerprint;
  }

  int popcount(int slot) {
    int bits = 0;
    long end = (long) (slot + 1) * WIDTH;
    for (long at = (long) slot * WIDTH; at < end; at += Long.BYTES) {
      bits += Long.bitCount(segment.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
    }
    return bits;
  }
}
