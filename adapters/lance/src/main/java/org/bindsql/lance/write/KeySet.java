package org.bindsql.lance.write;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A set of 128-bit hashes off the heap: 24 to 48 bytes each, and half as much again while it grows.
 */
final class KeySet implements AutoCloseable {
  private static final int BYTES = 16;

  private final BufferAllocator allocator;
  private ArrowBuf slots;
  private long capacity; // a power of two
  private long size;

  KeySet(BufferAllocator allocator) {
    this.allocator = allocator;
    this.capacity = 1024;
    this.slots = empty(capacity);
  }

  private ArrowBuf empty(long count) {
    ArrowBuf buffer = allocator.buffer(count * BYTES);
    buffer.setZero(0, count * BYTES);
    return buffer;
  }

  /** Number of hashes. */
  long size() {
    return size;
  }

  /** Adds a hash; false if it was there. */
  boolean add(long high, long low) {
    if (3 * (size + 1) > 2 * capacity) {
      grow();
    }
    long slot = find(high, low);
    if (!isEmpty(slot)) {
      return false;
    }
    put(slot, high, low);
    size++;
    return true;
  }

  boolean contains(long high, long low) {
    return !isEmpty(find(high, low));
  }

  /** The slot that has the hash, or the empty one where it belongs. */
  private long find(long high, long low) {
    long used = used(high, low);
    long slot = high & (capacity - 1);
    while (!isEmpty(slot)
        && (slots.getLong(slot * BYTES) != high || slots.getLong(slot * BYTES + 8) != used)) {
      slot = (slot + 1) & (capacity - 1);
    }
    return slot;
  }

  /** All zeros mean an empty slot. */
  private static long used(long high, long low) {
    return high == 0 && low == 0 ? 1 : low;
  }

  private boolean isEmpty(long slot) {
    return slots.getLong(slot * BYTES) == 0 && slots.getLong(slot * BYTES + 8) == 0;
  }

  private void put(long slot, long high, long low) {
    slots.setLong(slot * BYTES, high);
    slots.setLong(slot * BYTES + 8, used(high, low));
  }

  private void grow() {
    ArrowBuf before = slots;
    long count = capacity;
    slots = empty(count * 2);
    capacity = count * 2;
    for (long slot = 0; slot < count; slot++) {
      long high = before.getLong(slot * BYTES);
      long low = before.getLong(slot * BYTES + 8);
      if (high != 0 || low != 0) {
        put(find(high, low), high, low);
      }
    }
    before.close();
  }

  @Override
  public void close() {
    slots.close();
  }
}
