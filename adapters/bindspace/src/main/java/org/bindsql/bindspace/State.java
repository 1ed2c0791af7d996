package org.bindsql.bindspace;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Everything a reader can see, as of one published statement.
 *
 * <p>Counted: the space holds one reference to the newest state, each snapshot one to its own. The
 * last release gives up the fingerprint buffers that no other state shares.
 */
final class State {
  final long epoch;
  final @Nullable Chunk[] chunks;
  final Directory directory;

  /** By zone: the address where the search for a free slot goes on. */
  final int[] cursors;

  /** By zone: number of nodes. */
  final int[] counts;

  /** Number of edges by verb. */
  final Map<Integer, Integer> edgeCounts;

  /** Number of nodes that have a path below a path of which there is no node. */
  final int orphans;

  private final Runnable onFreed;
  private final AtomicInteger references = new AtomicInteger(1);

  State(
      long epoch,
      @Nullable Chunk[] chunks,
      Directory directory,
      int[] cursors,
      int[] counts,
      Map<Integer, Integer> edgeCounts,
      int orphans,
      Runnable onFreed) {
    this.epoch = epoch;
    this.chunks = chunks;
    this.directory = directory;
    this.cursors = cursors;
    this.counts = counts;
    this.edgeCounts = edgeCounts;
    this.orphans = orphans;
    this.onFreed = onFreed;
    for (Chunk chunk : chunks) {
      if (chunk != null) {
        chunk.codes.retain();
      }
    }
  }

  /** Takes a reference unless the last one is gone; never waits. */
  boolean tryRetain() {
    int count = references.get();
    while (count > 0) {
      if (references.compareAndSet(count, count + 1)) {
        return true;
      }
      count = references.get();
    }
    return false;
  }

  void release() {
    if (references.decrementAndGet() == 0) {
      for (Chunk chunk : chunks) {
        if (chunk != null) {
          chunk.codes.release();
        }
      }
      onFreed.run();
    }
  }
}
