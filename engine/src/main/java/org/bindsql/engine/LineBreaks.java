package org.bindsql.engine;

import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexLocalRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Text literals that generated code would change: linq4j leaves out a carriage return that follows
 * a line feed ({@code ConstantExpression.escapeString} of linq4j 1.42).
 *
 * <p>In a physical plan, after which no rule folds constants, such a literal becomes one with a
 * marker between the two characters, and a call that takes the markers out.
 */
final class LineBreaks {
  private static final String LOST = "\n\r";

  private LineBreaks() {}

  /** The plan with no such literal in expressions that become Java code. */
  static RelNode keep(RelNode plan) {
    Literals literals = new Literals(plan.getCluster().getRexBuilder());
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode rel) {
            RelNode visited = super.visit(rel);
            if (visited.getConvention() != EnumerableConvention.INSTANCE) {
              return visited;
            }
            return visited instanceof Calc calc ? literals.keep(calc) : visited.accept(literals);
          }
        });
  }

  private static final class Literals extends RexShuttle {
    private final RexBuilder rexBuilder;

    Literals(RexBuilder rexBuilder) {
      this.rexBuilder = rexBuilder;
    }

    /** A program refers to its literals, also to lists of them, which are written out here. */
    Calc keep(Calc calc) {
      RexProgram program = calc.getProgram();
      if (program.getExprList().stream().noneMatch(Literals::isChanged)) {
        return calc;
      }
      RexLocalRef condition = program.getCondition();
      return calc.copy(
          calc.getTraitSet(),
          calc.getInput(),
          RexProgram.create(
              program.getInputRowType(),
              program.getProjectList().stream().map(ref -> keep(ref, program)).toList(),
              condition == null ? null : keep(condition, program),
              program.getOutputRowType(),
              rexBuilder));
    }

    private RexNode keep(RexLocalRef ref, RexProgram program) {
      RexNode expression = program.expandLocalRef(ref);
      return RexUtil.expandSearch(rexBuilder, null, expression).accept(this);
    }

    private static boolean isChanged(RexNode expression) {
      return expression instanceof RexLiteral literal
          && String.valueOf(literal.getValue()).contains(LOST);
    }

    @Override
    public RexNode visitLiteral(RexLiteral literal) {
      if (literal.getTypeName() != SqlTypeName.CHAR || !isChanged(literal)) {
        return literal;
      }
      String text = String.valueOf(literal.getValueAs(String.class));
      String marker = marker(text);
      return rexBuilder.makeCast(
          literal.getType(),
          rexBuilder.makeCall(
              SqlStdOperatorTable.REPLACE,
              rexBuilder.makeLiteral(text.replace(LOST, "\n" + marker + "\r")),
              rexBuilder.makeLiteral(marker),
              rexBuilder.makeLiteral("")));
    }

    /** A character of the private use area that the text does not have, or a run of one. */
    private static String marker(String text) {
      String marker = "\uE000";
      while (text.contains(marker)) {
        marker += "\uE001";
      }
      return marker;
    }
  }
}
