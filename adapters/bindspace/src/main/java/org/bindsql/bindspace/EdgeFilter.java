package org.bindsql.bindspace;

import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.bindsql.exec.ExecutionContext;

/** Pushed predicates on edges: each is about source, target or verb alone. */
final class EdgeFilter {
  private static final List<EdgeColumn> ENDS =
      List.of(EdgeColumn.SOURCE, EdgeColumn.TARGET, EdgeColumn.VERB);

  private EdgeFilter() {}

  /**
   * The edges that pass.
   *
   * @param sources addresses that the source may have
   * @param targets addresses that the target may have
   * @param verbs addresses that the verb may have
   */
  record Wanted(AddressSet sources, AddressSet targets, AddressSet verbs) {}

  static boolean accepts(RexNode conjunct) {
    return ENDS.stream().anyMatch(column -> about(column).accepts(conjunct));
  }

  static Wanted evaluate(List<RexNode> conjuncts, BindView view, ExecutionContext context) {
    Wanted wanted = new Wanted(AddressSet.all(), AddressSet.all(), AddressSet.all());
    for (RexNode conjunct : conjuncts) {
      for (EdgeColumn column : ENDS) {
        AddressFilter filter = about(column);
        if (filter.accepts(conjunct)) {
          AddressSet passing = filter.evaluate(conjunct, view, context);
          switch (column) {
            case SOURCE -> wanted.sources().retainAll(passing);
            case TARGET -> wanted.targets().retainAll(passing);
            default -> wanted.verbs().retainAll(passing);
          }
        }
      }
    }
    return wanted;
  }

  private static AddressFilter about(EdgeColumn column) {
    return new AddressFilter(
        position -> position == column.ordinal() ? AddressFilter.Meaning.ADDRESS : null);
  }
}
