package org.bindsql.engine;

import java.util.HashSet;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil.InputFinder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.sql2rel.TopDownGeneralDecorrelator;
import org.apache.calcite.tools.Program;
import org.jspecify.annotations.Nullable;

/**
 * Makes joins of correlated queries (LATERAL and subqueries), by one of two decorrelators of
 * Calcite 1.42.
 *
 * <p>RelDecorrelator joins a subquery with the outer values it needs, one operator after another.
 * Where an operator needs a value that came from below and one more, it takes both anew and loses
 * the tie with what is below (decorrelateInputWithValueGenerator): rows that fail {@code WHERE}
 * come back. It also takes every LIMIT for a literal. Plans in which that can happen go to
 * TopDownGeneralDecorrelator, which joins with all outer values at once (Neumann, Kemper: Unnesting
 * Arbitrary Queries, 2015). What that does not know stays correlated.
 */
final class Decorrelation {
  /** The step among those of planning. */
  static final Program PROGRAM = (planner, rel, traits, materializations, lattices) -> remove(rel);

  private Decorrelation() {}

  /** The plan without correlation, as far as that is known to be right. */
  static RelNode remove(RelNode plan) {
    var builder = RelFactories.LOGICAL_BUILDER.create(plan.getCluster(), null);
    return isDelicate(plan)
        ? TopDownGeneralDecorrelator.decorrelateQuery(plan, builder)
        : RelDecorrelator.decorrelateQuery(plan, builder);
  }

  /** Whether RelDecorrelator might fail or lose a tie. */
  static boolean isDelicate(RelNode plan) {
    boolean[] found = {false};
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
        found[0] |= node instanceof Correlate correlate && new Uses(correlate).isDelicate();
        if (!found[0]) {
          super.visit(node, ordinal, parent);
        }
      }
    }.go(plan);
    return found[0];
  }

  /** How the right input of a correlate uses the row of the left. */
  private static final class Uses extends RelVisitor {
    private final CorrelationId row;
    private final Set<Integer> fields = new HashSet<>();
    private int operators;
    private boolean branches;
    private boolean computed;
    private boolean unknownLimit;

    Uses(Correlate correlate) {
      row = correlate.getCorrelationId();
      go(correlate.getRight());
    }

    /**
     * One field has one tie, and one operator on one input needs all values at once. An expression
     * of outer values alone is computed on the left (CorrelateProjectExtractor), as one more field.
     */
    boolean isDelicate() {
      boolean several = fields.size() > 1 || computed;
      return unknownLimit || (several && (operators > 1 || branches));
    }

    @Override
    public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
      if (node instanceof Sort sort) {
        unknownLimit |= isUnknown(sort.fetch) || isUnknown(sort.offset);
      }
      branches |= node.getInputs().size() > 1;
      boolean[] used = {false};
      node.accept(
          new RexShuttle() {
            @Override
            public RexNode visitFieldAccess(RexFieldAccess access) {
              if (isOfRow(access)) {
                used[0] = true;
                fields.add(access.getField().getIndex());
              }
              return super.visitFieldAccess(access);
            }

            @Override
            public RexNode visitCall(RexCall call) {
              computed |= isComputed(call);
              return super.visitCall(call);
            }
          });
      operators += used[0] ? 1 : 0;
      super.visit(node, ordinal, parent);
    }

    private static boolean isUnknown(@Nullable RexNode number) {
      return number != null && !(number instanceof RexLiteral);
    }

    private boolean isOfRow(RexNode node) {
      return node instanceof RexFieldAccess access
          && access.getReferenceExpr() instanceof RexCorrelVariable variable
          && variable.id.equals(row);
    }

    private boolean isComputed(RexCall call) {
      boolean[] ofRow = {false};
      call.accept(
          new RexShuttle() {
            @Override
            public RexNode visitFieldAccess(RexFieldAccess access) {
              ofRow[0] |= isOfRow(access);
              return super.visitFieldAccess(access);
            }
          });
      return ofRow[0] && InputFinder.bits(call).isEmpty();
    }
  }
}
