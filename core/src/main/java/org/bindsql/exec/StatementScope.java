package org.bindsql.exec;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the scans of one run of a statement share, so that all of them read one image of each
 * source.
 *
 * <p>The application puts one under {@link #VARIABLE} among the context's variables for each run
 * and closes it after the last row; without it every scan reads what is newest when it opens.
 * Thread-safe.
 */
public final class StatementScope implements AutoCloseable {
  /** Name of the variable that holds the scope. */
  public static final String VARIABLE = "bindsql.statementScope";

  private final Map<Object, Object> shared = new HashMap<>();
  private final SequencedSet<AutoCloseable> owned = new LinkedHashSet<>();
  private final @Nullable StatementScope transaction;
  private boolean closed;

  /** The scope of a statement that is a transaction of its own, or of a transaction. */
  public StatementScope() {
    this(null);
  }

  /**
   * The scope of a statement in a transaction: it shares what the transaction's scope shares, so
   * that all statements of the transaction read the same images.
   *
   * @param transaction outlives this scope and is closed by whoever ends the transaction
   */
  public StatementScope(@Nullable StatementScope transaction) {
    this.transaction = transaction;
  }

  /**
   * Returns what the statement holds under a key, made on first use.
   *
   * @param key names the source, by identity or equality of the caller's choice
   * @param make makes the value; if it is AutoCloseable, the scope closes it at the statement's end
   * @throws IllegalStateException if the statement has ended
   */
  @SuppressWarnings("unchecked") // a key always has values of one type, its maker's
  public synchronized <T> T share(Object key, Supplier<T> make) {
    if (closed) {
      throw new IllegalStateException("the statement has ended");
    }
    if (transaction != null) {
      return transaction.share(key, make);
    }
    Object value = shared.get(key);
    if (value == null) {
      value = make.get();
      shared.put(key, value);
      if (value instanceof AutoCloseable closeable) {
        owned.addLast(closeable);
      }
    }
    return (T) value;
  }

  /**
   * Replaces what is shared under a key: the image that a transaction made by its own change.
   *
   * @return what was shared before, or null; if it is AutoCloseable it stays open until the end
   */
  @SuppressWarnings("unchecked") // as share
  public synchronized <T> @Nullable T replace(Object key, T value) {
    if (transaction != null) {
      return transaction.replace(key, value);
    }
    if (value instanceof AutoCloseable closeable) {
      owned.addLast(closeable);
    }
    return (T) shared.put(key, value);
  }

  /** Takes over a resource that nobody may close otherwise, until {@link #release}. */
  public synchronized void adopt(AutoCloseable resource) {
    if (closed) {
      throw new IllegalStateException("the statement has ended");
    }
    owned.addLast(resource);
  }

  /** Gives up a resource that its user has closed. */
  public synchronized void release(AutoCloseable resource) {
    owned.remove(resource);
  }

  /** Closes what the statement held, the last made first; closing twice is harmless. */
  @Override
  public void close() {
    RuntimeException failure = null;
    for (AutoCloseable resource = next(); resource != null; resource = next()) {
      try {
        resource.close();
      } catch (Exception e) {
        RuntimeException wrapped =
            e instanceof RuntimeException r ? r : new IllegalStateException(e);
        if (failure == null) {
          failure = wrapped;
        } else {
          failure.addSuppressed(wrapped);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private synchronized @Nullable AutoCloseable next() {
    closed = true;
    shared.clear();
    return owned.isEmpty() ? null : owned.removeLast();
  }
}
