package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.exec.AggregateSpec;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.HashAggregateReader;
import org.bindsql.expr.GroupKey;
import org.bindsql.expr.ValueKind;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** GROUP BY by hashing, with COUNT, SUM, MIN and MAX. */
public final class ArrowAggregate extends Aggregate implements ArrowRel {
  private ArrowAggregate(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      ImmutableBitSet groupSet,
      @Nullable List<ImmutableBitSet> groupSets,
      List<AggregateCall> calls) {
    super(cluster, traits, List.of(), input, groupSet, groupSets, calls);
  }

  /** An aggregate of an ARROW rel, which must be {@link #isSupported}. */
  public static ArrowAggregate create(
      RelNode input, ImmutableBitSet groupSet, List<AggregateCall> calls) {
    RelOptCluster cluster = input.getCluster();
    RelTraitSet traits = cluster.traitSetOf(ArrowRel.CONVENTION);
    return new ArrowAggregate(cluster, traits, input, groupSet, null, calls);
  }

  /** Whether batches can be aggregated so: one grouping, keys and calls with a batch form. */
  public static boolean isSupported(Aggregate aggregate) {
    RelDataType rowType = aggregate.getInput().getRowType();
    return aggregate.getGroupType() == Group.SIMPLE
        && aggregate.getGroupSet().asList().stream()
            .allMatch(i -> SqlKinds.isSupported(rowType.getFieldList().get(i).getType()))
        && aggregate.getAggCallList().stream().allMatch(call -> translate(call, rowType) != null);
  }

  /** The batch form of a call; null if it has none. */
  private static @Nullable AggregateSpec translate(AggregateCall call, RelDataType rowType) {
    if (call.isDistinct()
        || call.hasFilter()
        || call.ignoreNulls()
        || call.getArgList().size() > 1
        || !call.rexList.isEmpty()
        || !call.getCollation().getFieldCollations().isEmpty()
        || call.distinctKeys != null) {
      return null;
    }
    int column = call.getArgList().isEmpty() ? -1 : call.getArgList().getFirst();
    if (call.getAggregation().getKind() == SqlKind.COUNT) {
      return new AggregateSpec(AggregateSpec.Function.COUNT, column, ValueKind.LONG);
    }
    if (column < 0) {
      return null;
    }
    RelDataType argument = rowType.getFieldList().get(column).getType();
    ValueKind kind = SqlKinds.of(argument);
    if (kind == null) {
      return null;
    }
    boolean summable = isSummable(argument, call.getType());
    return switch (call.getAggregation().getKind()) {
      case SUM -> summable ? new AggregateSpec(AggregateSpec.Function.SUM, column, kind) : null;
      case SUM0 -> summable ? new AggregateSpec(AggregateSpec.Function.SUM0, column, kind) : null;
      case MIN -> new AggregateSpec(AggregateSpec.Function.MIN, column, kind);
      case MAX -> new AggregateSpec(AggregateSpec.Function.MAX, column, kind);
      default -> null;
    };
  }

  /** Whether Enumerable adds up in the domain of the argument, without conversion. */
  private static boolean isSummable(RelDataType argument, RelDataType sum) {
    SqlTypeName from = argument.getSqlTypeName();
    return switch (sum.getSqlTypeName()) {
      case INTEGER -> from == SqlTypeName.INTEGER;
      case BIGINT -> from == SqlTypeName.INTEGER || from == SqlTypeName.BIGINT;
      case REAL -> from == SqlTypeName.REAL;
      case DOUBLE -> from == SqlTypeName.DOUBLE;
      default -> false;
    };
  }

  @Override
  public ArrowAggregate copy(
      RelTraitSet traits,
      RelNode input,
      ImmutableBitSet newGroupSet,
      @Nullable List<ImmutableBitSet> newGroupSets,
      List<AggregateCall> calls) {
    return new ArrowAggregate(getCluster(), traits, input, newGroupSet, newGroupSets, calls);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return ArrowRel.cheaper(super.computeSelfCost(planner, mq));
  }

  @Override
  public BatchReader open(ExecutionContext context) {
    RelDataType inputType = input.getRowType();
    int[] keyColumns = groupSet.toArray();
    List<GroupKey> keys = new ArrayList<>();
    for (int column : keyColumns) {
      RelDataType type = inputType.getFieldList().get(column).getType();
      keys.add(new GroupKey(Objects.requireNonNull(SqlKinds.of(type))));
    }
    List<AggregateSpec> calls = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (AggregateCall call : aggCalls) {
      calls.add(Objects.requireNonNull(translate(call, inputType)));
      fields.add(ArrowTypes.toArrow("aggregate", call.getType()));
    }
    return new HashAggregateReader(
        ArrowRel.openProfiled(input, context), keyColumns, keys, calls, fields, context);
  }
}
