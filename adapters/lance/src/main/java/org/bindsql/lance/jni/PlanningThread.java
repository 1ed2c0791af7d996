package org.bindsql.lance.jni;

import java.util.concurrent.Callable;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.LargeStack;
import org.bindsql.lance.filter.LanceFilter;

/**
 * Runs calls that make Lance parse and plan a filter on a thread with a large stack.
 *
 * <p>Lance plans recursively on the caller's stack and a deep filter overruns an ordinary one,
 * which kills the process. {@link LanceFilter} bounds the depth; this is the second line.
 */
public final class PlanningThread {
  private static final LargeStack STACK = new LargeStack("bindsql-lance-planning", 64L << 20);

  private PlanningThread() {}

  /**
   * Runs a call and waits for it.
   *
   * @param doing what is tried, for the message of a failure
   */
  public static <T> T call(String doing, Callable<T> call) {
    return STACK.call(() -> {
      try {
        return call.call();
      } catch (Exception | LinkageError e) { // lance-core throws IOException undeclared
        throw LanceErrors.translate(doing, e);
      } catch (Error e) { // the stack's end, for one
        throw new BindSqlException(ErrorCode.INTERNAL, doing + ": " + e, e);
      }
    });
  }
}
