package org.bindsql.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableIntList;
import org.bindsql.rel.CascadeSearch;
import org.bindsql.rel.RadiusBound;
import org.bindsql.table.FingerprintTable;
import org.bindsql.table.PushDown;
import org.jspecify.annotations.Nullable;

/**
 * A search, and what is computed from its answer.
 *
 * @param search what is searched for
 * @param outputs the fields wanted, over the search's columns followed by the distance
 */
record CascadePlan(CascadeSearch search, List<RexNode> outputs) {

  /** Splits the conjuncts into bounds on the distance, pushed filter and remainder. */
  static CascadePlan of(SearchInput input, DistanceCall distance, RexBuilder rexBuilder) {
    FingerprintTable table = input.fingerprintTable();
    List<RadiusBound> radii = new ArrayList<>();
    List<RexNode> others = new ArrayList<>();
    for (RexNode conjunct : conjuncts(input, rexBuilder)) {
      RadiusConjunct bound = RadiusConjunct.of(conjunct, table);
      if (bound != null && bound.distance().countsSameBits(distance)) {
        radii.add(bound.bound());
        if (!bound.isWhole()) {
          others.add(conjunct);
        }
      } else {
        others.add(conjunct);
      }
    }
    PushDown pushDown = table.pushDown(others, rexBuilder);
    Outputs outputs = new Outputs(table, distance, input.table().getRowType().getFieldCount());
    List<RexNode> wanted = outputs.rewrite(input.outputs());
    CascadeSearch search =
        new CascadeSearch(
            distance.column(),
            distance.kind(),
            distance.call().getType(),
            distance.query(),
            distance.function(),
            distance.queryFirst(),
            radii,
            pushDown.accepted(),
            pushDown.remainder(),
            ImmutableIntList.copyOf(outputs.columns.keySet()));
    return new CascadePlan(search, wanted);
  }

  /** The distance that some conjunct bounds, or null if none does. */
  static @Nullable DistanceCall boundedDistance(SearchInput input, RexBuilder rexBuilder) {
    for (RexNode conjunct : conjuncts(input, rexBuilder)) {
      RadiusConjunct bound = RadiusConjunct.of(conjunct, input.fingerprintTable());
      if (bound != null) {
        return bound.distance();
      }
    }
    return null;
  }

  /** The conjuncts, with BETWEEN and the like on a distance taken apart. */
  private static List<RexNode> conjuncts(SearchInput input, RexBuilder rexBuilder) {
    return RadiusConjunct.expand(
        input.conjuncts(), rexBuilder, input.fingerprintTable(), RexUtil::isConstant);
  }

  /** Whether the outputs are exactly the search's own fields, in order. */
  boolean isIdentity() {
    if (outputs.size() != search.columns().size() + 1) {
      return false;
    }
    for (int i = 0; i < outputs.size(); i++) {
      if (!(outputs.get(i) instanceof RexInputRef ref) || ref.getIndex() != i) {
        return false;
      }
    }
    return true;
  }

  /** Replaces the distance by a field, and collects the columns that are needed beside it. */
  private static final class Outputs extends RexShuttle {
    private final FingerprintTable table;
    private final DistanceCall distance;
    private final int distanceMark;
    private final Map<Integer, Integer> columns = new LinkedHashMap<>(); // to output position

    Outputs(FingerprintTable table, DistanceCall distance, int columnCount) {
      this.table = table;
      this.distance = distance;
      this.distanceMark = columnCount; // no column has this position
    }

    List<RexNode> rewrite(List<RexNode> expressions) {
      List<RexNode> marked = visitList(expressions);
      RexShuttle number =
          new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef ref) {
              int i = ref.getIndex();
              return new RexInputRef(
                  i == distanceMark ? columns.size() : columns.getOrDefault(i, -1), ref.getType());
            }
          };
      return number.visitList(marked);
    }

    @Override
    public RexNode visitCall(RexCall call) {
      DistanceCall other = DistanceCall.of(call, table);
      return other != null && other.hasSameValue(distance)
          ? new RexInputRef(distanceMark, call.getType())
          : super.visitCall(call);
    }

    @Override
    public RexNode visitInputRef(RexInputRef ref) {
      columns.putIfAbsent(ref.getIndex(), columns.size());
      return ref;
    }
  }
}
