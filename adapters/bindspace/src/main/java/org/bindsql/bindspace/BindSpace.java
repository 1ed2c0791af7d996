package org.bindsql.bindspace;

import java.util.HashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.jspecify.annotations.Nullable;

/**
 * The hot tier: 65,536 addresses in 256 chunks of 256 slots, each a 2,048-byte fingerprint with its
 * labels, tree pointers and edges.
 *
 * <p>Thread-safe. One writer statement runs at a time; what it changed becomes visible at once when
 * it ends, and not at all if it fails. Readers never wait: each reads a {@link Snapshot}. Memory of
 * older images is freed when the last snapshot that needs it is closed.
 */
public final class BindSpace implements AutoCloseable {
  private static final long LOCK_POLL_MILLIS = 20;

  private final BufferAllocator allocator;
  private final LongSupplier clock;
  private final ReentrantLock writerLane = new ReentrantLock();
  private volatile State current;
  private volatile boolean closed;

  // Guarded by itself: the allocator is closed with the last state.
  private final int[] liveStates = {0};

  /** An empty space, apart from the surface's vocabulary, in a child of the given allocator. */
  public BindSpace(BufferAllocator parent) {
    this(parent, System::currentTimeMillis);
  }

  /**
   * A space with a clock of its own.
   *
   * @param clock milliseconds since 1970, read once per writer statement
   */
  public BindSpace(BufferAllocator parent, LongSupplier clock) {
    this.allocator = parent.newChildAllocator("bindspace", 0, Long.MAX_VALUE);
    this.clock = clock;
    int[] cursors = new int[Zone.values().length];
    for (Zone zone : Zone.values()) {
      cursors[zone.ordinal()] = Addresses.of(zone.firstFreePrefix(), 0);
    }
    liveStates[0]++;
    this.current =
        new State(
            0,
            new @Nullable Chunk[Addresses.PREFIXES],
            new Directory(),
            cursors,
            new int[Zone.values().length],
            new HashMap<>(),
            0,
            this::stateFreed);
    Draft draft = new Draft(current, allocator, clock.getAsLong());
    Vocabulary.fill(draft);
    publish(draft);
    draft.release();
  }

  /**
   * Takes an image of the space; the caller closes it.
   *
   * @throws IllegalStateException if the space is closed
   */
  public Snapshot snapshot() {
    while (!closed) {
      State state = current;
      if (state.tryRetain()) {
        return new Snapshot(state);
      }
    }
    throw new IllegalStateException("BindSpace is closed");
  }

  /** The image that a statement reads: the same for all its scans if it has a scope. */
  Snapshot snapshot(ExecutionContext context) {
    StatementScope scope = context.scope();
    return scope == null ? snapshot() : scope.<Snapshot>share(this, this::snapshot).again();
  }

  /** Runs one writer statement; see {@link #write}. */
  public void batch(Consumer<BindWriter> changes) {
    write(writer -> {
      changes.accept(writer);
      return true;
    });
  }

  /**
   * Runs one writer statement: all changes become visible at its end, or none if it throws.
   *
   * @param changes called once, on this thread; must not start another writer statement
   * @return what {@code changes} returned
   */
  public <T> T write(Function<BindWriter, T> changes) {
    return write(changes, new AtomicBoolean(), null);
  }

  /**
   * Runs one SQL statement that writes, unless it is cancelled while it waits for another to end.
   *
   * @throws BindSqlException SERIALIZATION_FAILURE if the statement read an image, in a subquery
   *     say, that another writer has since replaced
   */
  <T> T write(Function<BindWriter, T> changes, ExecutionContext context) {
    return write(changes, context.cancelled(), context.scope());
  }

  private <T> T write(
      Function<BindWriter, T> changes, AtomicBoolean cancelled, @Nullable StatementScope scope) {
    lock(cancelled);
    try {
      if (closed) {
        throw new IllegalStateException("BindSpace is closed");
      }
      if (scope != null && scope.<Snapshot>share(this, this::snapshot).epoch() != current.epoch) {
        throw new BindSqlException(
            ErrorCode.SERIALIZATION_FAILURE,
            "bindspace changed after the statement had begun to read it: run it again");
      }
      Draft draft = new Draft(current, allocator, clock.getAsLong());
      try {
        T result = changes.apply(new BindWriter(draft));
        publish(draft);
        return result;
      } finally {
        draft.release();
      }
    } finally {
      writerLane.unlock();
    }
  }

  private void lock(AtomicBoolean cancelled) {
    if (writerLane.isHeldByCurrentThread()) {
      throw new IllegalStateException("BindSpace: a writer statement within a writer statement");
    }
    try {
      while (!writerLane.tryLock(LOCK_POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (cancelled.get()) {
          throw new BindSqlException(ErrorCode.CANCELLED, "statement cancelled");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BindSqlException(ErrorCode.CANCELLED, "statement interrupted", e);
    }
  }

  private void publish(Draft draft) {
    State old = current;
    synchronized (liveStates) {
      liveStates[0]++;
    }
    current = draft.publish(this::stateFreed);
    old.release();
  }

  private void stateFreed() {
    synchronized (liveStates) {
      liveStates[0]--;
      if (closed && liveStates[0] == 0) {
        allocator.close();
      }
    }
  }

  /** Allocator of the fingerprints, for vectors that borrow them. */
  BufferAllocator allocator() {
    return allocator;
  }

  /** Gives up the newest image; its memory is freed with the last open snapshot. */
  @Override
  public void close() {
    writerLane.lock();
    try {
      if (!closed) {
        closed = true;
        current.release();
      }
    } finally {
      writerLane.unlock();
    }
  }
}
