package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.bindsql.expr.VectorFunction;
import org.jspecify.annotations.Nullable;

/** A Calcite operator that can also be evaluated a batch at a time. */
public interface VectorOperator {
  /**
   * Returns the batch implementation for operands of the given types, or null if there is none, in
   * which case the call runs a row at a time.
   */
  @Nullable VectorFunction vectorFunction(List<RelDataType> operandTypes);
}
