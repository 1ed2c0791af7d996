package org.bindsql.rules;

import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.bindsql.rel.ArrowRel;
import org.bindsql.rel.HdrCascadeJoin;
import org.bindsql.rel.HdrCascadeJoinRows;

/**
 * Rule that converts a logical {@link HdrCascadeJoin} to the convention of its input: batches, or
 * rows where it is something that batches do not do.
 */
final class HdrCascadeJoinConverter extends ConverterRule {
  static final RelOptRule BATCHES = rule(ArrowRel.CONVENTION, "HdrCascadeJoinConverter(ARROW)");
  static final RelOptRule ROWS =
      rule(EnumerableConvention.INSTANCE, "HdrCascadeJoinConverter(ENUMERABLE)");

  private final boolean batches;

  private static RelOptRule rule(Convention convention, String name) {
    return Config.INSTANCE
        .withConversion(HdrCascadeJoin.class, Convention.NONE, convention, name)
        .withRuleFactory(HdrCascadeJoinConverter::new)
        .toRule(HdrCascadeJoinConverter.class);
  }

  private HdrCascadeJoinConverter(Config config) {
    super(config);
    this.batches = getOutTrait() == ArrowRel.CONVENTION;
  }

  @Override
  public RelNode convert(RelNode rel) {
    HdrCascadeJoin join = (HdrCascadeJoin) rel;
    RelNode input = join.getInput();
    RelNode physical = convert(input, input.getTraitSet().replace(getOutConvention()).simplify());
    return batches ? join.toArrow(physical) : HdrCascadeJoinRows.create(join, physical);
  }
}
