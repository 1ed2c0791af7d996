package org.bindsql.bindspace;

import java.util.Arrays;

/**
 * Edges of one address, ascending by (verb, other end).
 *
 * <p>A published list never changes; the writer that owns one changes it in place.
 */
final class EdgeList {
  static final EdgeList EMPTY = new EdgeList(0);

  /** Number of the writer statement that may change this list; 0 for none. */
  final long owner;

  private int size;
  private int[] keys = new int[4]; // (verb << 16 | other) as unsigned numbers
  private float[] weights = new float[4];

  private EdgeList(long owner) {
    this.owner = owner;
  }

  /** A copy that the given writer statement may change. */
  EdgeList copy(long newOwner) {
    EdgeList copy = new EdgeList(newOwner);
    copy.size = size;
    copy.keys = Arrays.copyOf(keys, Math.max(4, size + (size >> 1)));
    copy.weights = Arrays.copyOf(weights, copy.keys.length);
    return copy;
  }

  int size() {
    return size;
  }

  int verb(int i) {
    return keys[i] >>> 16;
  }

  int other(int i) {
    return keys[i] & 0xFFFF;
  }

  float weight(int i) {
    return weights[i];
  }

  /** Position of the edge, or {@code -(insertion point) - 1}. */
  int find(int verb, int other) {
    int key = verb << 16 | other;
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Integer.compareUnsigned(keys[middle], key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  /** First position whose verb is at least the given one. */
  int firstOf(int verb) {
    int at = find(verb, 0);
    return at >= 0 ? at : -at - 1;
  }

  /** Adds the edge or sets its weight; returns whether it is new. */
  boolean put(int verb, int other, float weight) {
    int at = find(verb, other);
    if (at >= 0) {
      weights[at] = weight;
      return false;
    }
    at = -at - 1;
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, size * 2);
      weights = Arrays.copyOf(weights, size * 2);
    }
    System.arraycopy(keys, at, keys, at + 1, size - at);
    System.arraycopy(weights, at, weights, at + 1, size - at);
    keys[at] = verb << 16 | other;
    weights[at] = weight;
    size++;
    return true;
  }

  /** Removes the edge; returns whether it was there. */
  boolean remove(int verb, int other) {
    int at = find(verb, other);
    if (at < 0) {
      return false;
    }
    size--;
    System.arraycopy(keys, at + 1, keys, at, size - at);
    System.arraycopy(weights, at + 1, weights, at, size - at);
    return true;
  }
}
