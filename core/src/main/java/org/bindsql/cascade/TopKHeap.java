package org.bindsql.cascade;

import java.util.Arrays;
import java.util.Set;

/**
 * The k smallest of the (distance, row key) pairs offered so far, as a binary heap with the largest
 * pair on top.
 *
 * <p>Memory grows with the pairs held, not with k.
 */
final class TopKHeap {
  private final int capacity;
  private int[] distances;
  private long[] keys;
  private int size;

  TopKHeap(long k) {
    this.capacity = (int) Math.min(k, Integer.MAX_VALUE - 8);
    int initial = Math.min(capacity, 16);
    this.distances = new int[initial];
    this.keys = new long[initial];
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == capacity;
  }

  /** Distance of the worst pair held; only if not empty. */
  int worst() {
    return distances[0];
  }

  /** Takes a pair in, if it belongs to the k smallest. */
  void offer(int distance, long key) {
    if (size < capacity) {
      grow();
      siftUp(size++, distance, key);
    } else if (size > 0 && less(distance, key, distances[0], keys[0])) {
      siftDown(0, distance, key);
    }
  }

  private void grow() {
    if (size == distances.length) {
      int length = (int) Math.min(capacity, 2L * size);
      distances = Arrays.copyOf(distances, length);
      keys = Arrays.copyOf(keys, length);
    }
  }

  private void siftUp(int start, int distance, long key) {
    int i = start;
    while (i > 0) {
      int parent = (i - 1) >>> 1;
      if (!less(distances[parent], keys[parent], distance, key)) {
        break;
      }
      distances[i] = distances[parent];
      keys[i] = keys[parent];
      i = parent;
    }
    distances[i] = distance;
    keys[i] = key;
  }

  private void siftDown(int start, int distance, long key) {
    int i = start;
    while (2 * i + 1 < size) {
      int child = 2 * i + 1;
      if (child + 1 < size
          && less(distances[child], keys[child], distances[child + 1], keys[child + 1])) {
        child++;
      }
      if (!less(distance, key, distances[child], keys[child])) {
        break;
      }
      distances[i] = distances[child];
      keys[i] = keys[child];
      i = child;
    }
    distances[i] = distance;
    keys[i] = key;
  }

  private static boolean less(int distance, long key, int otherDistance, long otherKey) {
    return distance < otherDistance || (distance == otherDistance && key < otherKey);
  }

  /** Adds the row keys of all pairs to a set. */
  void addKeysTo(Set<Long> set) {
    for (int i = 0; i < size; i++) {
      set.add(keys[i]);
    }
  }

  /** Offers all pairs of another heap. */
  void addAll(TopKHeap other) {
    for (int i = 0; i < other.size; i++) {
      offer(other.distances[i], other.keys[i]);
    }
  }

  /**
   * Empties the heap into the arrays, ascending by (distance, row key), from {@code start} on.
   *
   * @return the number of pairs written
   */
  int drain(int[] distancesOut, long[] keysOut, int start) {
    int count = size;
    while (size > 0) {
      size--;
      distancesOut[start + size] = distances[0];
      keysOut[start + size] = keys[0];
      siftDown(0, distances[size], keys[size]);
    }
    return count;
  }
}
