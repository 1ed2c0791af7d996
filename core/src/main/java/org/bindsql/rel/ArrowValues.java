package org.bindsql.rel;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexLiteral;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Rows of literals.
 *
 * <p>Enumerable's form writes each value into the text of a Java method, which has a greatest size:
 * some thousand rows do not fit.
 */
public final class ArrowValues extends Values implements ArrowRel {
  private ArrowValues(Values values, RelTraitSet traits) {
    super(values.getCluster(), values.getRowType(), values.getTuples(), traits);
  }

  /** The same rows as an ARROW rel; only if {@link #isSupported}. */
  public static ArrowValues create(Values values) {
    return new ArrowValues(values, values.getTraitSet().replace(ArrowRel.CONVENTION));
  }

  /** Whether batches hold all values exactly. */
  public static boolean isSupported(Values values) {
    List<RelDataTypeField> fields = values.getRowType().getFieldList();
    for (int i = 0; i < fields.size(); i++) {
      RelDataType type = fields.get(i).getType();
      for (List<RexLiteral> row : values.getTuples()) {
        if (!isSupported(row.get(i), type)) {
          return false;
        }
      }
    }
    return !fields.isEmpty() && !values.getTuples().isEmpty();
  }

  private static boolean isSupported(RexLiteral literal, RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, FLOAT, DOUBLE -> true;
      case CHAR, VARCHAR, VARBINARY, DATE, TIME, TIMESTAMP -> true;
      case BINARY ->
          literal.isNull()
              || value(literal, type) instanceof ByteString bytes
                  && bytes.length() == type.getPrecision();
      case DECIMAL ->
          literal.isNull()
              || value(literal, type) instanceof BigDecimal decimal
                  && decimal.scale() <= type.getScale()
                  && decimal.precision() - decimal.scale() <= type.getPrecision() - type.getScale();
      default -> false;
    };
  }

  /** A literal in Enumerable's runtime form. */
  private static @Nullable Object value(RexLiteral literal, RelDataType type) {
    if (literal.isNull()) {
      return null;
    }
    return switch (type.getSqlTypeName()) {
      case CHAR, VARCHAR -> literal.getValueAs(String.class);
      case BINARY, VARBINARY -> literal.getValueAs(ByteString.class);
      case DATE, TIME -> literal.getValueAs(Integer.class);
      case TIMESTAMP -> literal.getValueAs(Long.class);
      default -> literal.getValue();
    };
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new ArrowValues(this, traits);
  }

  @Override
  public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return ArrowRel.cheaper(super.computeSelfCost(planner, mq));
  }

  @Override
  public BatchReader open(ExecutionContext context) {
    Schema schema = ArrowTypes.toSchema(getRowType());
    return new RowBatches(
        Linq4j.asEnumerable(getTuples()).select(this::row).enumerator(),
        schema,
        false,
        context.allocator(),
        context.batchSize());
  }

  private Object row(ImmutableList<RexLiteral> literals) {
    List<RelDataTypeField> fields = getRowType().getFieldList();
    @Nullable Object[] row = new @Nullable Object[literals.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = value(literals.get(i), fields.get(i).getType());
    }
    return row;
  }
}
