package org.bindsql.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.JoinPushThroughJoinRule;
import org.apache.calcite.tools.Program;
import org.apache.calcite.tools.Programs;

/**
 * The steps from a query's algebra to its plan: Calcite's standard ones, with a step in which the
 * joins of many tables are put in order.
 *
 * <p>Volcano tries all orders, which takes time that grows exponentially. From {@link #MANY} joins
 * on they are gathered and ordered by a greedy heuristic (Calcite's LoptOptimizeJoinRule: cheapest
 * next factor by selectivity and row count), and the planner keeps to that order.
 */
final class Planning {
  /** Joins of a query from which on their order is found by heuristics: those of four tables. */
  static final int MANY = 3;

  /** What makes the planner try other orders. */
  private static final List<RelOptRule> REORDERING =
      List.of(
          CoreRules.JOIN_COMMUTE,
          CoreRules.JOIN_ASSOCIATE,
          JoinPushThroughJoinRule.LEFT,
          JoinPushThroughJoinRule.RIGHT);

  private static final Program GATHER =
      Programs.of(
          HepProgram.builder()
              .addRuleInstance(CoreRules.FILTER_INTO_JOIN)
              .addMatchOrder(HepMatchOrder.BOTTOM_UP)
              .addRuleInstance(CoreRules.JOIN_TO_MULTI_JOIN)
              .addRuleInstance(CoreRules.MULTI_JOIN_OPTIMIZE)
              .build(),
          false,
          DefaultRelMetadataProvider.INSTANCE);

  private static final Program ORDER =
      (planner, rel, traits, materializations, lattices) -> {
        if (RelOptUtil.countJoins(rel) < MANY) {
          return rel;
        }
        REORDERING.forEach(planner::removeRule);
        return GATHER.run(planner, rel, traits, materializations, lattices);
      };

  private static final Program CHOOSE =
      (planner, rel, traits, materializations, lattices) -> {
        planner.setRoot(rel);
        planner.setRoot(
            rel.getTraitSet().equals(traits)
                ? rel
                : requireNonNull(planner.changeTraits(rel, traits)));
        return planner.chooseDelegate().findBestExp();
      };

  /** All steps. */
  static final Program PROGRAM = program(ORDER);

  /** The steps of the reference planner, which keeps the standard way to order joins. */
  static final Program REFERENCE =
      program((planner, rel, traits, materializations, lattices) -> rel);

  private static Program program(Program order) {
    return Programs.sequence(
        Programs.subQuery(DefaultRelMetadataProvider.INSTANCE),
        Decorrelation.PROGRAM,
        Programs.measure(DefaultRelMetadataProvider.INSTANCE),
        Programs.trim(),
        order,
        CHOOSE,
        Programs.calc(DefaultRelMetadataProvider.INSTANCE));
  }

  private Planning() {}
}
