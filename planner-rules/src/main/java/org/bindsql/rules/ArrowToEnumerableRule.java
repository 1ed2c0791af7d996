package org.bindsql.rules;

import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollationTraitDef;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.bindsql.rel.ArrowRel;
import org.bindsql.rel.ArrowToEnumerable;

/** Rule that converts any {@link ArrowRel} to Enumerable. */
final class ArrowToEnumerableRule extends ConverterRule {
  static final RelOptRule RULE =
      Config.INSTANCE
          .withConversion(
              RelNode.class,
              ArrowRel.CONVENTION,
              EnumerableConvention.INSTANCE,
              "ArrowToEnumerableRule")
          .withRuleFactory(ArrowToEnumerableRule::new)
          .toRule(ArrowToEnumerableRule.class);

  private ArrowToEnumerableRule(Config config) {
    super(config);
  }

  /**
   * Converts a rel once for each order it has.
   *
   * <p>A projection that repeats a column has two orders. The planner would ask for neither of a
   * rel that stands as an input, so the conversion must name the one that it claims to keep.
   */
  @Override
  public void onMatch(RelOptRuleCall call) {
    RelNode rel = call.rel(0);
    RelTraitSet traits = rel.getTraitSet();
    List<RelCollation> orders = traits.getTraits(RelCollationTraitDef.INSTANCE);
    if (orders == null || orders.size() < 2) {
      super.onMatch(call);
      return;
    }
    for (RelCollation order : orders) {
      call.transformTo(
          ArrowToEnumerable.create(call.getPlanner().changeTraits(rel, traits.replace(order))));
    }
  }

  @Override
  public RelNode convert(RelNode rel) {
    return ArrowToEnumerable.create(rel);
  }
}
