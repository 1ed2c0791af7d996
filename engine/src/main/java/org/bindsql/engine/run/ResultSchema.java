package org.bindsql.engine.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.metadata.RelColumnOrigin;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.table.BatchTable;
import org.bindsql.type.ArrowTypes;
import org.jspecify.annotations.Nullable;

/**
 * The Arrow schema of a query's result.
 *
 * <p>It follows from the SQL types, but where a column is one of a table passed on as it is, it
 * keeps the table's Arrow type: SQL does not tell a list of fixed size from another, or text of 32
 * from text of 64 bits of offset. So it does not depend on the physical plan.
 */
public final class ResultSchema {
  /** Metadata that is part of a column's type, not of its table. */
  private static final String EXTENSION = "ARROW:extension:";

  private ResultSchema() {}

  /**
   * The schema of a query's result.
   *
   * @param plan the query as it was before planning, or null if it is no query over tables
   */
  public static Schema of(RelDataType rowType, @Nullable RelRoot plan) {
    List<Field> fields = new ArrayList<>();
    for (RelDataTypeField column : rowType.getFieldList()) {
      Field stored = plan == null ? null : stored(plan, column.getIndex(), column.getType());
      fields.add(
          stored == null
              ? ArrowTypes.toArrow(column.getName(), column.getType())
              : renamed(stored, column));
    }
    return new Schema(fields);
  }

  /** The table's column that the result's column is, or null if it is computed. */
  private static @Nullable Field stored(RelRoot plan, int column, RelDataType type) {
    Set<RelColumnOrigin> origins =
        plan.rel
            .getCluster()
            .getMetadataQuery()
            .getColumnOrigins(plan.rel, plan.fields.get(column).getKey());
    if (origins == null || origins.size() != 1) {
      return null;
    }
    RelColumnOrigin origin = origins.iterator().next();
    RelOptTable table = origin.getOriginTable();
    BatchTable batches = table.unwrap(BatchTable.class);
    if (origin.isDerived() || batches == null) {
      return null;
    }
    // A table may have columns beside those of its schema.
    List<Field> fields = batches.arrowSchema().getFields();
    int ordinal = origin.getOriginColumnOrdinal();
    if (ordinal >= fields.size()) {
      return null;
    }
    RelDataType stored = table.getRowType().getFieldList().get(ordinal).getType();
    return stored.getSqlTypeName() == type.getSqlTypeName() ? fields.get(ordinal) : null;
  }

  private static Field renamed(Field stored, RelDataTypeField column) {
    boolean nullable =
        column.getType().isNullable() || column.getType().getSqlTypeName() == SqlTypeName.ANY;
    Map<String, String> metadata = new HashMap<>(stored.getMetadata());
    metadata.keySet().removeIf(key -> !key.startsWith(EXTENSION));
    return new Field(
        column.getName(),
        new FieldType(nullable, stored.getType(), null, metadata),
        stored.getChildren());
  }
}
