package org.bindsql.rules;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.bindsql.rel.ArrowTableScan;
import org.bindsql.table.FingerprintTable;
import org.jspecify.annotations.Nullable;

/**
 * Projections and filters, in any number and order, over a scan of a fingerprint table, as one
 * projection over one filter over the scan.
 *
 * @param table what is scanned
 * @param outputs the fields of the topmost relation as expressions over the table's columns
 * @param conjuncts what all filters together demand, over the table's columns
 */
record SearchInput(RelOptTable table, List<RexNode> outputs, List<RexNode> conjuncts) {

  /** The table's search interface. */
  FingerprintTable fingerprintTable() {
    return table.unwrapOrThrow(FingerprintTable.class);
  }

  /**
   * What {@code rel} is made of; null if it holds anything but projections, filters and a scan, or
   * an expression that must not be moved (not deterministic, windowed, correlated, a subquery).
   */
  static @Nullable SearchInput of(RelNode rel) {
    return Descent.from(rel, false, SearchInput::atScan);
  }

  /** Like {@link #of}, but expressions may refer to correlation variables. */
  static @Nullable SearchInput ofCorrelated(RelNode rel) {
    return Descent.from(rel, true, SearchInput::atScan);
  }

  private static @Nullable SearchInput atScan(
      RelNode rel, List<RexNode> outputs, List<RexNode> conjuncts) {
    return switch (rel) {
      case ArrowTableScan scan when scan.limit() < 0 && isSearchable(scan) ->
          overArrowScan(scan, outputs, conjuncts);
      case LogicalTableScan scan when isSearchable(scan) ->
          new SearchInput(scan.getTable(), outputs, conjuncts);
      default -> null;
    };
  }

  private static boolean isSearchable(TableScan scan) {
    return scan.getTable().unwrap(FingerprintTable.class) != null;
  }

  private static SearchInput overArrowScan(
      ArrowTableScan scan, List<RexNode> outputs, List<RexNode> conjuncts) {
    RexShuttle toTable =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return new RexInputRef(scan.columns().get(ref.getIndex()), ref.getType());
          }
        };
    List<RexNode> all = new ArrayList<>(scan.filter());
    all.addAll(toTable.visitList(conjuncts));
    return new SearchInput(scan.getTable(), toTable.visitList(outputs), all);
  }
}
