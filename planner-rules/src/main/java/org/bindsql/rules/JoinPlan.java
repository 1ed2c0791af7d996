package org.bindsql.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableIntList;
import org.bindsql.rel.CascadeJoinForm;
import org.bindsql.rel.CascadeSearch;
import org.bindsql.rel.HdrCascadeJoin;
import org.bindsql.rel.RadiusBound;
import org.bindsql.table.FingerprintTable;
import org.bindsql.table.PushDown;
import org.jspecify.annotations.Nullable;

/**
 * A join by distance, and what is computed from its rows.
 *
 * @param join reads of its input and of the table only what is needed
 * @param outputs the expressions wanted, over the join's fields
 */
record JoinPlan(HdrCascadeJoin join, List<RexNode> outputs) {
  /** Name of the query among the fields of the join's input, where it is not wanted itself. */
  static final String QUERY_FIELD = "$query";

  /**
   * Bound on the number of rows for each query.
   *
   * @param fetch as {@link CascadeJoinForm#fetch}
   * @param rank as {@link CascadeJoinForm#rank}
   * @param nullsFirst as {@link CascadeJoinForm#nullsFirst}
   * @param number ROW_NUMBER expression that equals the number of a row among those of its query,
   *     or null
   */
  record Nearest(
      @Nullable RexNode fetch,
      @Nullable RadiusBound rank,
      boolean nullsFirst,
      @Nullable RexOver number) {}

  /** The distance that some conjunct bounds, or null if none does. */
  static @Nullable DistanceCall boundedDistance(JoinInput input) {
    for (RexNode conjunct : conjuncts(input)) {
      RadiusConjunct bound =
          RadiusConjunct.of(conjunct, input.fingerprintTable(), input::isOfQueries);
      if (bound != null) {
        return bound.distance();
      }
    }
    return null;
  }

  private static List<RexNode> conjuncts(JoinInput input) {
    return RadiusConjunct.expand(
        input.conjuncts(),
        input.queries().getCluster().getRexBuilder(),
        input.fingerprintTable(),
        input::isOfQueries);
  }

  /**
   * Plans a join; null if it means something that the search does not.
   *
   * @param wanted expressions like those of {@link JoinInput#outputs}
   * @param nearest bound on the number of rows for each query, or null if only a radius bounds them
   */
  static @Nullable JoinPlan of(
      JoinInput input, DistanceCall distance, List<RexNode> wanted, @Nullable Nearest nearest) {
    List<RadiusBound> radii = new ArrayList<>();
    List<RexNode> ofTable = new ArrayList<>(input.own());
    List<RexNode> ofQueries = new ArrayList<>();
    List<RexNode> ofPairs = new ArrayList<>();
    for (RexNode conjunct : conjuncts(input)) {
      RadiusConjunct bound =
          RadiusConjunct.of(conjunct, input.fingerprintTable(), input::isOfQueries);
      if (bound != null && bound.distance().countsSameBits(distance)) {
        radii.add(bound.bound());
        if (bound.isWhole()) {
          continue;
        }
      }
      boolean filtersQueries = !input.keepsQueries() && input.isOfQueries(conjunct);
      (input.isOfTable(conjunct) ? ofTable : filtersQueries ? ofQueries : ofPairs).add(conjunct);
    }
    if (nearest != null && !ofPairs.isEmpty()) {
      return null; // the k nearest of those that match are not those of the k nearest that match
    }
    return new Fields(input, distance, nearest)
        .plan(input.queries(), radii, ofTable, ofQueries, ofPairs, wanted);
  }

  /** The expressions as fields of the given type, as a projection of the join. */
  RelNode project(List<RexNode> expressions, RelDataType rowType) {
    return project(join, expressions, rowType);
  }

  /** Expressions over a relation as fields of the given type. */
  static RelNode project(RelNode rel, List<RexNode> expressions, RelDataType rowType) {
    RexBuilder rexBuilder = rel.getCluster().getRexBuilder();
    List<RexNode> fields = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      RelDataType type = rowType.getFieldList().get(i).getType();
      fields.add(rexBuilder.ensureType(type, expressions.get(i), true));
    }
    return LogicalProject.create(rel, List.of(), fields, rowType.getFieldNames(), Set.of());
  }

  /** Finds the fields that are needed, and replaces expressions over the inputs by them. */
  private static final class Fields extends RexShuttle {
    private final JoinInput input;
    private final DistanceCall distance;
    private final @Nullable Nearest nearest;
    private final FingerprintTable table;
    private final int distanceMark;
    private final int numberMark;
    private final Map<Integer, Integer> queryFields = new LinkedHashMap<>(); // to output position
    private final Map<Integer, Integer> columns = new LinkedHashMap<>();

    Fields(JoinInput input, DistanceCall distance, @Nullable Nearest nearest) {
      this.input = input;
      this.distance = distance;
      this.nearest = nearest;
      this.table = input.fingerprintTable();
      this.distanceMark = input.tableColumns() + input.queries().getRowType().getFieldCount();
      this.numberMark = distanceMark + 1;
    }

    @Nullable JoinPlan plan(
        RelNode queries,
        List<RadiusBound> radii,
        List<RexNode> ofTable,
        List<RexNode> ofQueries,
        List<RexNode> ofPairs,
        List<RexNode> wanted) {
      RexBuilder rexBuilder = queries.getCluster().getRexBuilder();
      List<RexNode> condition = visitList(ofPairs);
      List<RexNode> outputs = visitList(wanted);
      if (RexOver.containsOver(condition, null)) {
        return null;
      }
      // The input: what is wanted of it, and the query.
      List<RexNode> inputFields = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int field : queryFields.keySet()) {
        inputFields.add(rexBuilder.makeInputRef(queries, field));
        names.add(queries.getRowType().getFieldNames().get(field));
      }
      ImmutableIntList inputColumns = ImmutableIntList.identity(inputFields.size());
      RexNode query = RexUtil.shift(distance.query(), -input.tableColumns());
      int queryField = inputFields.indexOf(query);
      if (queryField < 0) {
        queryField = inputFields.size();
        inputFields.add(query);
        names.add(QUERY_FIELD);
      }
      RelNode filtered =
          ofQueries.isEmpty()
              ? queries
              : LogicalFilter.create(
                  queries,
                  RexUtil.composeConjunction(
                      rexBuilder,
                      ofQueries.stream()
                          .map(node -> RexUtil.shift(node, -input.tableColumns()))
                          .toList()));
      RelNode narrow =
          RexUtil.isIdentity(inputFields, queries.getRowType())
              ? filtered
              : LogicalProject.create(filtered, List.of(), inputFields, names, Set.of());
      PushDown pushDown = table.pushDown(ofTable, rexBuilder);
      CascadeSearch search =
          new CascadeSearch(
              distance.column(),
              distance.kind(),
              distance.call().getType(),
              rexBuilder.makeInputRef(narrow, queryField),
              distance.function(),
              distance.queryFirst(),
              radii,
              pushDown.accepted(),
              pushDown.remainder(),
              ImmutableIntList.copyOf(columns.keySet()));
      CascadeJoinForm unconditional = form(inputColumns, List.of());
      RelDataType rowType =
          HdrCascadeJoin.createLogical(narrow, input.table(), search, unconditional).getRowType();
      CascadeJoinForm form = form(inputColumns, number(condition, rowType));
      return new JoinPlan(
          HdrCascadeJoin.createLogical(narrow, input.table(), search, form),
          number(outputs, rowType));
    }

    private CascadeJoinForm form(ImmutableIntList inputColumns, List<RexNode> condition) {
      return new CascadeJoinForm(
          input.keepsQueries() ? JoinRelType.LEFT : JoinRelType.INNER,
          inputColumns,
          nearest == null ? null : nearest.fetch(),
          nearest == null ? null : nearest.rank(),
          nearest != null && nearest.nullsFirst(),
          condition);
    }

    /** Replaces marked references by those to the join's fields. */
    private List<RexNode> number(List<RexNode> marked, RelDataType rowType) {
      RexShuttle shuttle =
          new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef ref) {
              int field = field(ref.getIndex());
              return new RexInputRef(field, rowType.getFieldList().get(field).getType());
            }
          };
      return shuttle.visitList(marked);
    }

    private int field(int mark) {
      int distanceField = queryFields.size() + columns.size();
      if (mark >= distanceMark) {
        return distanceField + mark - distanceMark;
      }
      return mark >= input.tableColumns()
          ? queryFields.getOrDefault(mark - input.tableColumns(), -1)
          : queryFields.size() + columns.getOrDefault(mark, -1);
    }

    @Override
    public RexNode visitCall(RexCall call) {
      DistanceCall other = DistanceCall.of(call, table, input::isOfQueries);
      return other != null && other.hasSameValue(distance)
          ? new RexInputRef(distanceMark, call.getType())
          : super.visitCall(call);
    }

    @Override
    public RexNode visitOver(RexOver over) {
      return nearest != null && over.equals(nearest.number())
          ? new RexInputRef(numberMark, over.getType())
          : super.visitOver(over);
    }

    @Override
    public RexNode visitInputRef(RexInputRef ref) {
      int field = ref.getIndex() - input.tableColumns();
      if (field < 0) {
        columns.putIfAbsent(ref.getIndex(), columns.size());
      } else {
        queryFields.putIfAbsent(field, queryFields.size());
      }
      return ref;
    }
  }
}
