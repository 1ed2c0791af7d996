package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexExecutable;
import org.apache.calcite.rex.RexExecutorImpl;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.bindsql.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/** Evaluation of constant expressions: literals, dynamic parameters, and functions over them. */
public final class Constants {
  private Constants() {}

  /**
   * Value of a constant expression in Enumerable's runtime form; null for SQL NULL.
   *
   * @throws org.bindsql.error.BindSqlException if a function rejects its arguments
   */
  public static @Nullable Object evaluate(
      RexNode node, RexBuilder rexBuilder, ExecutionContext context) {
    if (node instanceof RexLiteral literal && literal.isNull()) {
      return null;
    }
    RelDataType noColumns = rexBuilder.getTypeFactory().builder().build();
    RexExecutable executable = RexExecutorImpl.getExecutable(rexBuilder, List.of(node), noColumns);
    executable.setDataContext(new VariablesDataContext(context, rexBuilder));
    @Nullable Object @Nullable [] values = executable.execute();
    return values == null ? null : values[0];
  }
}
