package org.bindsql.rel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.linq4j.function.Function1;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexExecutorImpl;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.bindsql.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/**
 * Constant expressions of a plan, whose generated code is kept for the plan's next run.
 *
 * <p>Thread-safe.
 */
final class ConstantCode {
  /**
   * Bytes of a binary literal up to which generated code builds it. Each takes some 7 bytes of
   * code, and a method has at most 64 KB.
   */
  private static final int MOST_BYTES = 1_024;

  /** Number of the first parameter that stands for a literal; a statement has not so many. */
  private static final int FIRST_LITERAL = 1 << 20;

  /** Compiled code, and the literals that it takes as variables. */
  private record Compiled(
      Function1<DataContext, @Nullable Object @Nullable []> code, Map<String, Object> literals) {}

  private final RexBuilder rexBuilder;
  private final ConcurrentMap<RexNode, Compiled> compiled = new ConcurrentHashMap<>();

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
        Compiled function = compiled.computeIfAbsent(node, this::compile);
        @Nullable Object @Nullable [] values =
            function.code.apply(new VariablesDataContext(context, rexBuilder, function.literals));
        yield values == null ? null : values[0];
      }
    };
  }

  private Compiled compile(RexNode node) {
    Map<String, Object> literals = new HashMap<>();
    RexNode shorter =
        node.accept(
            new RexShuttle() {
              @Override
              public RexNode visitLiteral(RexLiteral literal) {
                if (!(literal.getValue() instanceof ByteString bytes)
                    || bytes.length() <= MOST_BYTES) {
                  return literal;
                }
                RexDynamicParam parameter =
                    rexBuilder.makeDynamicParam(literal.getType(), FIRST_LITERAL + literals.size());
                literals.put(parameter.getName(), bytes);
                return parameter;
              }
            });
    RelDataType noColumns = rexBuilder.getTypeFactory().builder().build();
    return new Compiled(
        RexExecutorImpl.getExecutable(rexBuilder, List.of(shorter), noColumns).getFunction(),
        Map.copyOf(literals));
  }
}
