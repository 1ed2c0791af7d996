package org.bindsql.engine.run;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.DataContext;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** The flag that ends a statement, which {@code cancel} and the time limit set. */
public final class Cancellation {
  private Cancellation() {}

  /**
   * Fails if a statement is to end.
   *
   * @param root of the statement's run
   * @throws BindSqlException CANCELLED
   */
  public static void check(DataContext root) {
    if (DataContext.Variable.CANCEL_FLAG.get(root) instanceof AtomicBoolean flag && flag.get()) {
      throw new BindSqlException(ErrorCode.CANCELLED, "statement cancelled");
    }
  }
}
