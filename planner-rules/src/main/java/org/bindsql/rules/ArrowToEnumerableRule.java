package org.bindsql.rules;

import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.plan.RelOptRule;
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

  @Override
  public RelNode convert(RelNode rel) {
    return ArrowToEnumerable.create(rel);
  }
}
