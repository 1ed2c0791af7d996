package org.bindsql.bindspace;

import java.util.Arrays;

/** Set of addresses: one bit each. */
final class AddressSet {
  private static final int WORDS_PER_CHUNK = Addresses.SLOTS / Long.SIZE;

  private final long[] words = new long[Addresses.COUNT / Long.SIZE];

  private AddressSet() {}

  static AddressSet none() {
    return new AddressSet();
  }

  static AddressSet all() {
    AddressSet set = new AddressSet();
    Arrays.fill(set.words, -1L);
    return set;
  }

  /** Addresses from {@code from} to {@code to}, both included and cut to 0..65535. */
  static AddressSet range(long from, long to) {
    AddressSet set = new AddressSet();
    set.addRange(from, to);
    return set;
  }

  boolean contains(int addr) {
    return (words[addr >>> 6] >>> addr & 1) != 0;
  }

  void add(int addr) {
    words[addr >>> 6] |= 1L << addr;
  }

  void addRange(long from, long to) {
    int last = (int) Math.min(to, Addresses.COUNT - 1);
    for (int addr = (int) Math.min(Math.max(from, 0), Addresses.COUNT); addr <= last; ) {
      if ((addr & 63) == 0 && addr + 63 <= last) {
        words[addr >>> 6] = -1L;
        addr += 64;
      } else {
        add(addr);
        addr++;
      }
    }
  }

  AddressSet retainAll(AddressSet other) {
    for (int i = 0; i < words.length; i++) {
      words[i] &= other.words[i];
    }
    return this;
  }

  AddressSet addAll(AddressSet other) {
    for (int i = 0; i < words.length; i++) {
      words[i] |= other.words[i];
    }
    return this;
  }

  AddressSet complement() {
    for (int i = 0; i < words.length; i++) {
      words[i] = ~words[i];
    }
    return this;
  }

  /** Whether the set holds no address of the prefix. */
  boolean isEmpty(int prefix) {
    for (int i = prefix * WORDS_PER_CHUNK; i < (prefix + 1) * WORDS_PER_CHUNK; i++) {
      if (words[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** The occupied slots of a chunk that are in the set, ascending. */
  int[] slots(Chunk chunk) {
    int[] slots = new int[Addresses.SLOTS];
    int count = 0;
    for (int i = 0; i < WORDS_PER_CHUNK; i++) {
      long word = chunk.occupied.word(i) & words[chunk.prefix * WORDS_PER_CHUNK + i];
      for (; word != 0; word &= word - 1) {
        slots[count++] = i * Long.SIZE + Long.numberOfTrailingZeros(word);
      }
    }
    return Arrays.copyOf(slots, count);
  }

  /** Number of occupied slots of a chunk that are in the set. */
  int count(Chunk chunk) {
    int count = 0;
    for (int i = 0; i < WORDS_PER_CHUNK; i++) {
      count += Long.bitCount(chunk.occupied.word(i) & words[chunk.prefix * WORDS_PER_CHUNK + i]);
    }
    return count;
  }
}
