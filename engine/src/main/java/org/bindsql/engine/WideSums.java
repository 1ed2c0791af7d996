package org.bindsql.engine;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.rules.AggregateReduceFunctionsRule;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.tools.RelBuilder;
import org.bindsql.engine.dialect.BindTypeSystem;

/**
 * Sums of BIGINT as sums of decimals, which do not wrap around at 64 bits.
 *
 * <p>{@link BindTypeSystem} makes the sum a DECIMAL(38, 0), but Enumerable adds only decimals to a
 * decimal; so the arguments of such sums, and of the sums that averages and variances are made of,
 * are cast here, before planning.
 */
final class WideSums {
  private static final HepProgram AVERAGES_TO_SUMS =
      new HepProgramBuilder()
          .addRuleInstance(
              AggregateReduceFunctionsRule.Config.DEFAULT
                  .withOperandFor(LogicalAggregate.class)
                  .withFunctionsToReduce(averages())
                  .toRule())
          .build();

  private WideSums() {}

  private static Set<SqlKind> averages() {
    Set<SqlKind> kinds = EnumSet.copyOf(SqlKind.AVG_AGG_FUNCTIONS);
    kinds.addAll(SqlKind.COVAR_AVG_AGG_FUNCTIONS);
    // A sum as such stays one call.
    kinds.remove(SqlKind.SUM);
    kinds.remove(SqlKind.SUM0);
    return kinds;
  }

  /** The plan with every sum of BIGINT, also in subqueries and windows, one of decimals. */
  static RelNode widen(RelNode plan) {
    HepPlanner planner =
        new HepPlanner(AVERAGES_TO_SUMS, plan.getCluster().getPlanner().getContext());
    planner.setRoot(plan);
    return planner.findBestExp().accept(new Widener(plan.getCluster().getRexBuilder()));
  }

  private static boolean isWide(SqlKind kind, RelDataType argument, RelDataType sum) {
    return (kind == SqlKind.SUM || kind == SqlKind.SUM0)
        && argument.getSqlTypeName() != SqlTypeName.DECIMAL
        && sum.getSqlTypeName() == SqlTypeName.DECIMAL;
  }

  private static RexNode cast(RexBuilder rex, RexNode argument, RelDataType sum) {
    RelDataType type =
        rex.getTypeFactory().createTypeWithNullability(sum, argument.getType().isNullable());
    return rex.makeCast(type, argument);
  }

  private static final class Widener extends RelHomogeneousShuttle {
    private final RexBuilder rex;
    private final RexShuttle expressions =
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            RexSubQuery visited = (RexSubQuery) super.visitSubQuery(query);
            return visited.clone(widen(visited.rel));
          }

          @Override
          public RexNode visitOver(RexOver over) {
            RexOver visited = (RexOver) super.visitOver(over);
            if (visited.getOperands().size() != 1) {
              return visited;
            }
            RexNode argument = visited.getOperands().getFirst();
            return isWide(visited.getAggOperator().getKind(), argument.getType(), visited.getType())
                ? over(visited, cast(rex, argument, visited.getType()))
                : visited;
          }
        };

    Widener(RexBuilder rex) {
      this.rex = rex;
    }

    private RexNode over(RexOver call, RexNode argument) {
      RexWindow window = call.getWindow();
      return rex.makeOver(
          call.getType(),
          call.getAggOperator(),
          List.of(argument),
          window.partitionKeys,
          window.orderKeys,
          window.getLowerBound(),
          window.getUpperBound(),
          window.getExclude(),
          window.isRows(),
          true, // a bound on partial windows is an expression around the call already
          false, // as is NULL for windows without values
          call.isDistinct(),
          call.ignoreNulls());
    }

    @Override
    public RelNode visit(RelNode other) {
      RelNode visited = super.visit(other).accept(expressions);
      return visited instanceof Aggregate aggregate ? widened(aggregate) : visited;
    }

    private RelNode widened(Aggregate aggregate) {
      RelBuilder input =
          RelFactories.LOGICAL_BUILDER
              .create(aggregate.getCluster(), null)
              .push(aggregate.getInput());
      int width = input.fields().size();
      List<RexNode> wide = new ArrayList<>();
      List<AggregateCall> calls = new ArrayList<>();
      for (AggregateCall call : aggregate.getAggCallList()) {
        List<Integer> arguments = call.getArgList();
        if (arguments.size() == 1
            && isWide(
                call.getAggregation().getKind(),
                input.field(arguments.getFirst()).getType(),
                call.getType())) {
          calls.add(call.withArgList(List.of(width + wide.size())));
          wide.add(cast(rex, input.field(arguments.getFirst()), call.getType()));
        } else {
          calls.add(call);
        }
      }
      if (wide.isEmpty()) {
        return aggregate;
      }
      return aggregate.copy(
          aggregate.getTraitSet(),
          input.projectPlus(wide).build(),
          aggregate.getGroupSet(),
          aggregate.getGroupSets(),
          calls);
    }
  }
}
