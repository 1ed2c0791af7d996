package org.bindsql.lance.resident;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Values in off-heap memory, bounded in all, each made once for everybody who wants it.
 *
 * <pre>
 *   claim     holds all values of a list of keys, or none: what is missing is reserved, and the
 *             claim that reserved it makes it; others wait for it
 *   evict     the values used longest ago, never one that a claim holds
 * </pre>
 *
 * <p>A claim that ends without making what it reserved leaves nothing. Thread-safe.
 *
 * @param <K> names a value for ever: a key never means another value
 * @param <V> a value; the cache closes it
 */
final class LeaseCache<K, V extends AutoCloseable> implements AutoCloseable {
  private static final long POLL_MILLIS = 20;

  private static final class Entry<K, V> {
    final K key;
    final long bytes;
    @Nullable V value;
    int claims;
    long hits;

    /** Whether its maker gave up. */
    boolean failed;

    /** Whether the cache has given it up, so that it goes with its last use. */
    boolean gone;

    Entry(K key, long bytes) {
      this.key = key;
      this.bytes = bytes;
    }
  }

  /** A value in the cache, for listings. */
  record Holding<K>(K key, long bytes, long hits, boolean used) {}

  private final Map<K, Entry<K, V>> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long capacity;
  private long used;

  /**
   * Creates an empty cache.
   *
   * @param capacity greatest number of bytes in all, at least 0
   */
  LeaseCache(long capacity) {
    this.capacity = capacity;
  }

  /** Values held together until the claim is closed; used by one thread, except {@link #supply}. */
  final class Claim implements AutoCloseable {
    private final List<Entry<K, V>> held;
    private final Map<K, Entry<K, V>> owned;

    private Claim(List<Entry<K, V>> held, Map<K, Entry<K, V>> owned) {
      this.held = held;
      this.owned = owned;
    }

    /** The keys whose values this claim is to make, in the order in which they were asked for. */
    List<K> missing() {
      synchronized (LeaseCache.this) {
        return List.copyOf(owned.keySet());
      }
    }

    /** Hands in a missing value, which belongs to the cache from now on; any thread may. */
    void supply(K key, V value) {
      synchronized (LeaseCache.this) {
        Entry<K, V> entry = owned.remove(key);
        if (entry == null) {
          throw new IllegalStateException(key + " is not missing");
        }
        entry.value = value;
        LeaseCache.this.notifyAll();
      }
    }

    /**
     * Waits for what others are making; call it when nothing is {@link #missing}.
     *
     * @param checkpoint run now and then; what it throws ends the wait
     * @return whether all values are there; if not, somebody failed: close the claim and begin anew
     */
    boolean await(Runnable checkpoint) {
      while (true) {
        checkpoint.run();
        synchronized (LeaseCache.this) {
          if (held.stream().anyMatch(entry -> entry.failed)) {
            return false;
          }
          if (held.stream().allMatch(entry -> entry.value != null)) {
            return true;
          }
          try {
            LeaseCache.this.wait(POLL_MILLIS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BindSqlException(
                ErrorCode.CANCELLED, "interrupted while waiting for fingerprints", e);
          }
        }
      }
    }

    /** Number of keys. */
    int size() {
      return held.size();
    }

    /** The i-th key. */
    K key(int i) {
      return held.get(i).key;
    }

    /** The value of the i-th key; only after {@link #await} said that all are there. */
    V value(int i) {
      synchronized (LeaseCache.this) {
        V value = held.get(i).value;
        if (value == null) {
          throw new IllegalStateException(held.get(i).key + " was not made");
        }
        return value;
      }
    }

    /** The values by key; only after {@link #await} said that all are there. */
    Map<K, V> values() {
      Map<K, V> values = new LinkedHashMap<>();
      for (int i = 0; i < held.size(); i++) {
        values.put(held.get(i).key, value(i));
      }
      return values;
    }

    /** Ends the claim; what it did not make is promised no more. Closing twice is harmless. */
    @Override
    public void close() {
      synchronized (LeaseCache.this) {
        for (Entry<K, V> entry : owned.values()) {
          entry.failed = true;
          if (!entry.gone) {
            entry.gone = true;
            entries.remove(entry.key);
          }
        }
        owned.clear();
        for (Entry<K, V> entry : held) {
          release(entry);
        }
        held.clear();
        shrink(capacity);
        LeaseCache.this.notifyAll();
      }
    }
  }

  /**
   * Claims the values of some keys.
   *
   * @param keys without duplicates
   * @param bytes size of each key's value
   * @return null if they do not fit beside what others hold
   */
  @Nullable Claim claim(List<K> keys, long[] bytes) {
    return claim(keys, bytes, true);
  }

  /**
   * Claims the values of some keys.
   *
   * @param evicts whether values that nobody uses go for them
   * @return null if they do not fit
   */
  synchronized @Nullable Claim claim(List<K> keys, long[] bytes, boolean evicts) {
    List<Entry<K, V>> held = new ArrayList<>(keys.size());
    long wanted = 0;
    for (int i = 0; i < bytes.length; i++) {
      K key = keys.get(i);
      Entry<K, V> entry = entries.get(key); // and so becomes the one used last
      if (entry == null) {
        entry = new Entry<>(key, bytes[i]);
        wanted += entry.bytes;
      }
      entry.claims++;
      held.add(entry);
    }
    if (wanted > 0 && !(evicts ? makeRoom(wanted) : wanted <= capacity - used)) {
      held.forEach(entry -> entry.claims--);
      return null;
    }
    Map<K, Entry<K, V>> owned = new LinkedHashMap<>();
    for (Entry<K, V> entry : held) {
      if (entries.putIfAbsent(entry.key, entry) == null) {
        used += entry.bytes;
        owned.put(entry.key, entry);
      } else {
        entry.hits++;
      }
    }
    return new Claim(held, owned);
  }

  /** Claims values that are all there; null if any is not. */
  synchronized @Nullable Claim claimHeld(List<K> keys) {
    return holdsAll(keys) ? claim(keys, new long[keys.size()]) : null;
  }

  /** Claims a value to be made, if it fits without evicting anything and is not there yet. */
  synchronized @Nullable Claim claimRoom(K key, long bytes) {
    return entries.containsKey(key) || !hasRoom(bytes)
        ? null
        : claim(List.of(key), new long[] {bytes});
  }

  /** Whether so many more bytes fit without evicting anything. */
  synchronized boolean hasRoom(long bytes) {
    return bytes <= capacity - used;
  }

  /** Those of the keys whose values are there. */
  synchronized Set<K> held(Stream<K> keys) {
    return keys.filter(key -> holdsAll(List.of(key))).collect(Collectors.toSet());
  }

  /** Evicts until so many more bytes fit, unless they never would. */
  private boolean makeRoom(long bytes) {
    long evictable = 0;
    for (Entry<K, V> entry : entries.values()) {
      evictable += entry.claims == 0 ? entry.bytes : 0;
    }
    if (bytes > capacity - used + evictable) {
      return false;
    }
    shrink(capacity - bytes);
    return true;
  }

  /** Evicts values that nobody uses, the longest unused first, until few enough bytes are left. */
  private void shrink(long target) {
    Iterator<Entry<K, V>> oldest = entries.values().iterator();
    while (used > target && oldest.hasNext()) {
      Entry<K, V> entry = oldest.next();
      if (entry.claims == 0) {
        oldest.remove();
        free(entry);
      }
    }
  }

  /** Ends one use of an entry, which goes with the last one if the cache has given it up. */
  private void release(Entry<K, V> entry) {
    entry.claims--;
    if (entry.claims == 0 && entry.gone) {
      free(entry);
    }
  }

  private void free(Entry<K, V> entry) {
    used -= entry.bytes;
    V value = entry.value;
    if (value != null) {
      try {
        value.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Whether all values of the keys are there. */
  synchronized boolean holdsAll(List<K> keys) {
    for (K key : keys) {
      Entry<K, V> entry = entries.get(key);
      if (entry == null || entry.value == null) {
        return false;
      }
    }
    return true;
  }

  /** Gives values up: at once, or when nobody uses them any more. */
  synchronized void forget(Predicate<K> which) {
    Iterator<Entry<K, V>> all = entries.values().iterator();
    while (all.hasNext()) {
      Entry<K, V> entry = all.next();
      if (which.test(entry.key)) {
        all.remove();
        entry.gone = true;
        if (entry.claims == 0) {
          free(entry);
        }
      }
    }
  }

  /** Greatest number of bytes. */
  synchronized long capacity() {
    return capacity;
  }

  /** Bytes that values have or are promised. */
  synchronized long used() {
    return used;
  }

  /** Changes the capacity, evicting what is too much; what is in use goes when its use ends. */
  synchronized void resize(long bytes) {
    capacity = bytes;
    shrink(capacity);
  }

  /** What is there, the longest unused first. */
  synchronized List<Holding<K>> holdings() {
    List<Holding<K>> holdings = new ArrayList<>();
    for (Entry<K, V> entry : entries.values()) {
      if (entry.value != null) {
        holdings.add(new Holding<>(entry.key, entry.bytes, entry.hits, entry.claims > 0));
      }
    }
    return holdings;
  }

  /** Frees everything that nobody uses; the rest goes when its use ends. */
  @Override
  public synchronized void close() {
    resize(0);
  }
}
