package org.bindsql.rel;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.function.Function1;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexExecutorImpl;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.bindsql.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/**
 * Constant expressions of a plan, whose generated code is kept for the plan's next run.
 *
 * <p>Thread-safe.
 */
final class ConstantCode {
  private final RexBuilder rexBuilder;
  private final ConcurrentMap<RexNode, Function1<DataContext, @Nullable Object @Nullable []>> code =
      new ConcurrentHashMap<>();

  ConstantCode(RexBuilder rexBuilder) {
    this.rexBuilder = rexBuilder;
  }

  /**
   * Value of an expression in Enumerable's runtime form; null for SQL NULL.
   *
   * @param literalClass form wanted of a literal
   */
  @Nullable Object evaluate(RexNode node, Class<?> literalClass, ExecutionContext context) {
    return switch (node) {
      // The usual cases, without generated code.
      case RexDynamicParam parameter -> context.parameter(parameter.getIndex());
      case RexLiteral literal -> literal.isNull() ? null : literal.getValueAs(literalClass);
      default -> {
        @Nullable Object @Nullable [] values =
            code.computeIfAbsent(node, this::compile)
                .apply(new VariablesDataContext(context, rexBuilder));
        yield values == null ? null : values[0];
      }
    };
  }

  private Function1<DataContext, @Nullable Object @Nullable []> compile(RexNode node) {
    RelDataType noColumns = rexBuilder.getTypeFactory().builder().build();
    return RexExecutorImpl.getExecutable(rexBuilder, List.of(node), noColumns).getFunction();
  }
}
