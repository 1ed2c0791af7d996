package org.bindsql.bindspace;

/** Set of the 256 slots of a chunk. */
final class SlotSet {
  private final long[] words = new long[Addresses.SLOTS / Long.SIZE];

  static SlotSet copyOf(SlotSet other) {
    SlotSet copy = new SlotSet();
    copy.addAll(other);
    return copy;
  }

  boolean contains(int slot) {
    return (words[slot >>> 6] >>> slot & 1) != 0;
  }

  void add(int slot) {
    words[slot >>> 6] |= 1L << slot;
  }

  void remove(int slot) {
    words[slot >>> 6] &= ~(1L << slot);
  }

  void addAll(SlotSet other) {
    for (int i = 0; i < words.length; i++) {
      words[i] |= other.words[i];
    }
  }

  int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /** First slot at or after {@code from} that is in the set; 256 if there is none. */
  int next(int from) {
    for (int i = from >>> 6; i < words.length; i++) {
      long word = i == from >>> 6 ? words[i] & -1L << from : words[i];
      if (word != 0) {
        return i * Long.SIZE + Long.numberOfTrailingZeros(word);
      }
    }
    return Addresses.SLOTS;
  }

  /** First slot at or after {@code from} that is not in the set; 256 if there is none. */
  int nextFree(int from) {
    for (int i = from >>> 6; i < words.length; i++) {
      long free = i == from >>> 6 ? ~words[i] & -1L << from : ~words[i];
      if (free != 0) {
        return i * Long.SIZE + Long.numberOfTrailingZeros(free);
      }
    }
    return Addresses.SLOTS;
  }

  /** The word that holds slots {@code 64 * i} to {@code 64 * i + 63}. */
  long word(int i) {
    return words[i];
  }
}
