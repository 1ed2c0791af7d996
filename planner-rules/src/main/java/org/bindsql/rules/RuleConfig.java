package org.bindsql.rules;

import java.util.function.Function;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.tools.RelBuilderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a rule that has no settings of its own.
 *
 * @param factory makes the rule
 */
record RuleConfig(
    RelRule.OperandTransform operandSupplier,
    RelBuilderFactory relBuilderFactory,
    @Nullable String description,
    Function<RuleConfig, RelOptRule> factory)
    implements RelRule.Config {

  /** A rule with the given operands. */
  static RelOptRule rule(
      String description,
      RelRule.OperandTransform operands,
      Function<RuleConfig, RelOptRule> factory) {
    return new RuleConfig(operands, RelFactories.LOGICAL_BUILDER, description, factory).toRule();
  }

  @Override
  public RelOptRule toRule() {
    return factory.apply(this);
  }

  @Override
  public RuleConfig withOperandSupplier(RelRule.OperandTransform operands) {
    return new RuleConfig(operands, relBuilderFactory, description, factory);
  }

  @Override
  public RuleConfig withRelBuilderFactory(RelBuilderFactory builders) {
    return new RuleConfig(operandSupplier, builders, description, factory);
  }

  @Override
  public RuleConfig withDescription(@Nullable String text) {
    return new RuleConfig(operandSupplier, relBuilderFactory, text, factory);
  }
}
