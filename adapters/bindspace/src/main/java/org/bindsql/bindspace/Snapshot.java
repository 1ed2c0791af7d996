package org.bindsql.bindspace;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Image of a space as of one moment, unaffected by later writes; thread-safe.
 *
 * <p>Keeps the memory of that image until it is closed. Not to be used after that.
 */
public final class Snapshot extends BindView implements AutoCloseable {
  private final State state;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes over one reference to the state. */
  Snapshot(State state) {
    this.state = state;
  }

  /** Another hold of the same image, closed on its own. */
  Snapshot again() {
    if (!state.tryRetain()) {
      throw new IllegalStateException("the snapshot is closed");
    }
    return new Snapshot(state);
  }

  /** Number of the published statement that this image ends with; ascending. */
  public long epoch() {
    return state.epoch;
  }

  @Override
  public long edgeCount() {
    long count = 0;
    for (int edges : state.edgeCounts.values()) {
      count += edges;
    }
    return count;
  }

  @Override
  @Nullable Chunk chunk(int prefix) {
    return state.chunks[prefix];
  }

  @Override
  Directory directory() {
    return state.directory;
  }

  @Override
  int count(Zone zone) {
    return state.counts[zone.ordinal()];
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      state.release();
    }
  }
}
