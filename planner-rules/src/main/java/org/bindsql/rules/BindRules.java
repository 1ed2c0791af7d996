package org.bindsql.rules;

import java.util.List;
import java.util.stream.Stream;
import org.apache.calcite.plan.RelOptRule;

/**
 * The planner rules of BindSQL, for any Calcite application whose tables implement {@link
 * org.bindsql.table.BatchTable}.
 *
 * <p>Add {@link #ALL} to a Volcano planner that also has Calcite's core and Enumerable rules; what
 * has no batch form then runs a row at a time above an {@link org.bindsql.rel.ArrowToEnumerable}.
 */
public final class BindRules {
  private BindRules() {}

  /** Rules that convert logical relational expressions to the ARROW convention, and its exit. */
  public static final List<RelOptRule> CONVERTERS =
      List.of(
          ArrowTableScanRule.RULE,
          Converters.Scan.RULE,
          Converters.Filter.RULE,
          Converters.Project.RULE,
          Converters.Aggregate.RULE,
          Converters.Sort.RULE,
          Converters.Literals.RULE,
          WritableTableModifyRule.RULE,
          ChangeTableModifyRule.BATCHES,
          ChangeTableModifyRule.ROWS,
          ArrowToEnumerableRule.RULE);

  /** Rules that move projections, filters, limits and counts into a scan. */
  public static final List<RelOptRule> PUSH_DOWNS =
      List.of(
          LogicalScanRule.RULE,
          ProjectIntoScanRule.RULE,
          FilterIntoScanRule.RULE,
          LimitIntoScanRule.RULE,
          CountIntoScanRule.RULE);

  /** Rules that answer nearest-fingerprint queries by the HDR cascade. */
  public static final List<RelOptRule> CASCADE =
      List.of(
          HdrCascadeTopKRule.RULE,
          HdrCascadeResponseRule.RULE,
          HdrCascadeRangeRule.FILTER,
          HdrCascadeRangeRule.PROJECT_FILTER,
          HdrCascadeJoinRule.JOIN,
          HdrCascadeJoinRule.PROJECT_JOIN,
          HdrCascadeRankRule.RULE,
          HdrCascadeLateralRule.RULE,
          MinDistanceRule.RULE,
          ProjectIntoCascadeJoinRule.RULE,
          HdrCascadeJoinConverter.BATCHES,
          HdrCascadeJoinConverter.ROWS);

  /** What is needed to read a BatchTable row by row: the slow twin of {@link #ALL}, for tests. */
  public static final List<RelOptRule> REFERENCE =
      List.of(
          ArrowTableScanRule.RULE,
          ArrowToEnumerableRule.RULE,
          WritableTableModifyRule.RULE,
          ChangeTableModifyRule.ROWS);

  /** Every rule. */
  public static final List<RelOptRule> ALL =
      Stream.of(CONVERTERS, PUSH_DOWNS, CASCADE).flatMap(List::stream).toList();
}
