package org.bindsql.bindspace;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.Segment;
import org.bindsql.cascade.Sketch;

/**
 * The fingerprints of one chunk, off-heap, as a segment that searches read where it lies: slot s is
 * row s.
 *
 * <p>States share a buffer as long as no slot that one of them may read has to change: a slot that
 * was never written can be written in place, because no reader looks at it, and no byte of a
 * segment belongs to two rows. Freed when the last state that refers to it is.
 */
final class CodeBuffer {
  static final int WIDTH = 2048;

  private static final long CODE_BYTES = Codes.slicedBytes(WIDTH, Addresses.SLOTS);
  private static final long SKETCH_BYTES = Sketch.bytes(WIDTH, Addresses.SLOTS);
  static final long BYTES = CODE_BYTES + SKETCH_BYTES;

  private final ArrowBuf codeMemory;
  private final ArrowBuf sketchMemory;
  private final Codes codes;
  private final Segment segment;
  private final AtomicInteger references = new AtomicInteger(1);
  private final SlotSet written = new SlotSet(); // touched by the writer only

  private CodeBuffer(BufferAllocator allocator) {
    // Two allocations: Arrow rounds each up to a power of two.
    this.codeMemory = allocator.buffer(CODE_BYTES);
    try {
      this.sketchMemory = allocator.buffer(SKETCH_BYTES);
    } catch (Throwable e) {
      codeMemory.close();
      throw e;
    }
    this.codes = Codes.sliced(memory(codeMemory, CODE_BYTES), WIDTH, Addresses.SLOTS);
    Sketch sketch = new Sketch(memory(sketchMemory, SKETCH_BYTES), WIDTH, Addresses.SLOTS);
    this.segment = new Segment(Addresses.SLOTS, WIDTH, codes, sketch, null);
  }

  private static MemorySegment memory(ArrowBuf buffer, long bytes) {
    return MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(bytes);
  }

  /** A zeroed buffer with one reference. */
  static CodeBuffer allocate(BufferAllocator allocator) {
    CodeBuffer buffer = new CodeBuffer(allocator);
    buffer.codes.memory().fill((byte) 0);
    buffer.sketchMemory().fill((byte) 0);
    return buffer;
  }

  /** A copy with one reference, of which only the given slots count. */
  CodeBuffer copy(BufferAllocator allocator, SlotSet slots) {
    CodeBuffer copy = new CodeBuffer(allocator);
    copy.codes.memory().copyFrom(codes.memory());
    copy.sketchMemory().copyFrom(sketchMemory());
    copy.written.addAll(slots);
    return copy;
  }

  private MemorySegment sketchMemory() {
    return Objects.requireNonNull(segment.sketch()).memory();
  }

  void retain() {
    references.incrementAndGet();
  }

  void release() {
    if (references.decrementAndGet() == 0) {
      sketchMemory.close();
      codeMemory.close();
    }
  }

  /** The fingerprints with their sketch. */
  Segment segment() {
    return segment;
  }

  /** The fingerprints. */
  Codes codes() {
    return codes;
  }

  boolean isWritten(int slot) {
    return written.contains(slot);
  }

  void write(int slot, byte[] fingerprint) {
    written.add(slot);
    segment.write(slot, MemorySegment.ofArray(fingerprint), 0);
  }

  byte[] read(int slot) {
    return codes.read(slot);
  }

  int popcount(int slot) {
    return codes.popcount(slot);
  }
}
