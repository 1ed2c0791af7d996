package org.bindsql.rules;

import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rex.RexBuilder;
import org.bindsql.rel.ArrowAggregate;
import org.bindsql.rel.ArrowFilter;
import org.bindsql.rel.ArrowLimit;
import org.bindsql.rel.ArrowProject;
import org.bindsql.rel.ArrowRel;
import org.bindsql.rel.ArrowTableScan;
import org.bindsql.rel.ArrowTopK;
import org.bindsql.rel.ArrowValues;
import org.bindsql.rel.RexCompiler;
import org.jspecify.annotations.Nullable;

/**
 * Rules that convert one logical operator to the ARROW convention.
 *
 * <p>A rule that meets something without batch form returns null, and Enumerable runs it.
 */
final class Converters {
  private Converters() {}

  private static RelNode arrow(RelNode input) {
    return RelOptRule.convert(input, input.getTraitSet().replace(ArrowRel.CONVENTION));
  }

  private static <R extends RelNode> ConverterRule.Config config(Class<R> rel, String name) {
    return ConverterRule.Config.INSTANCE.withConversion(
        rel, Convention.NONE, ArrowRel.CONVENTION, name);
  }

  /** Converts an {@link ArrowTableScan} into which rules pushed what they could. */
  static final class Scan extends ConverterRule {
    static final RelOptRule RULE =
        config(ArrowTableScan.class, "ArrowPushedScanRule")
            .withRuleFactory(Scan::new)
            .toRule(Scan.class);

    private Scan(Config config) {
      super(config);
    }

    @Override
    public RelNode convert(RelNode rel) {
      return ((ArrowTableScan) rel).toArrow();
    }
  }

  /** Converts a {@link LogicalFilter} whose condition compiles. */
  static final class Filter extends ConverterRule {
    static final RelOptRule RULE =
        config(LogicalFilter.class, "ArrowFilterRule")
            .withRuleFactory(Filter::new)
            .toRule(Filter.class);

    private Filter(Config config) {
      super(config);
    }

    @Override
    public @Nullable RelNode convert(RelNode rel) {
      LogicalFilter filter = (LogicalFilter) rel;
      RexBuilder rexBuilder = filter.getCluster().getRexBuilder();
      if (!filter.getVariablesSet().isEmpty()
          || RexCompiler.compile(filter.getCondition(), rexBuilder).isEmpty()) {
        return null; // correlated, or not computable in batches
      }
      return ArrowFilter.create(arrow(filter.getInput()), filter.getCondition());
    }
  }

  /** Converts a {@link LogicalProject} whose expressions compile. */
  static final class Project extends ConverterRule {
    static final RelOptRule RULE =
        config(LogicalProject.class, "ArrowProjectRule")
            .withRuleFactory(Project::new)
            .toRule(Project.class);

    private Project(Config config) {
      super(config);
    }

    @Override
    public @Nullable RelNode convert(RelNode rel) {
      LogicalProject project = (LogicalProject) rel;
      RexBuilder rexBuilder = project.getCluster().getRexBuilder();
      if (!project.getVariablesSet().isEmpty()
          || !project.getProjects().stream()
              .allMatch(expression -> ArrowProject.isSupported(expression, rexBuilder))) {
        return null; // correlated, or not computable in batches
      }
      return ArrowProject.create(
          arrow(project.getInput()), project.getProjects(), project.getRowType());
    }
  }

  /** Converts a {@link LogicalAggregate} with one grouping and calls that have a batch form. */
  static final class Aggregate extends ConverterRule {
    static final RelOptRule RULE =
        config(LogicalAggregate.class, "ArrowAggregateRule")
            .withRuleFactory(Aggregate::new)
            .toRule(Aggregate.class);

    private Aggregate(Config config) {
      super(config);
    }

    @Override
    public @Nullable RelNode convert(RelNode rel) {
      LogicalAggregate aggregate = (LogicalAggregate) rel;
      if (!ArrowAggregate.isSupported(aggregate)) {
        return null; // grouping sets, DISTINCT, FILTER or other functions
      }
      return ArrowAggregate.create(
          arrow(aggregate.getInput()), aggregate.getGroupSet(), aggregate.getAggCallList());
    }
  }

  /** Converts a {@link LogicalSort} that limits: to a top-k if it sorts, else to a limit. */
  static final class Sort extends ConverterRule {
    static final RelOptRule RULE =
        config(LogicalSort.class, "ArrowSortRule").withRuleFactory(Sort::new).toRule(Sort.class);

    private Sort(Config config) {
      super(config);
    }

    @Override
    public @Nullable RelNode convert(RelNode rel) {
      LogicalSort sort = (LogicalSort) rel;
      RelNode input = arrow(sort.getInput());
      if (sort.getCollation().getFieldCollations().isEmpty()) {
        return ArrowLimit.create(input, sort.offset, sort.fetch);
      }
      if (sort.fetch == null
          || !ArrowTopK.isSupported(sort.getCollation(), sort.getInput().getRowType())) {
        return null; // a sort of all rows, or by keys of other types
      }
      return ArrowTopK.create(input, sort.getCollation(), sort.offset, sort.fetch);
    }
  }

  /** Converts {@link LogicalValues} of types that batches hold. */
  static final class Literals extends ConverterRule {
    static final RelOptRule RULE =
        config(LogicalValues.class, "ArrowValuesRule")
            .withRuleFactory(Literals::new)
            .toRule(Literals.class);

    private Literals(Config config) {
      super(config);
    }

    @Override
    public @Nullable RelNode convert(RelNode rel) {
      LogicalValues values = (LogicalValues) rel;
      return ArrowValues.isSupported(values) ? ArrowValues.create(values) : null;
    }
  }
}
