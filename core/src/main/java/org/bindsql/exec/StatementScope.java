package org.bindsql.exec;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

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
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private boolean closed;

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
    Object value = shared.get(key);
    if (value == null) {
      value = make.get();
      shared.put(key, value);
      if (value instanceof AutoCloseable closeable) {
        owned.push(closeable);
      }
    }
    return (T) value;
  }

  /** Closes what the statement held, the last made first; closing twice is harmless. */
  @Override
  public synchronized void close() {
    closed = true;
    shared.clear();
    RuntimeException failure = null;
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
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
}
