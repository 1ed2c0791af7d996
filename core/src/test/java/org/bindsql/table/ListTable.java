package org.bindsql.table;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.impl.AbstractTable;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.type.ArrowTypes;
import org.bindsql.type.CellWriter;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** In-memory table of rows in Enumerable's runtime form, for tests; reads by batch size. */
public class ListTable extends AbstractTable implements BatchTable {
  private final Schema schema;
  private final List<@Nullable Object[]> rows;

  /** Creates a table; rows hold one value per field, as {@link CellWriter} accepts them. */
  public ListTable(Schema schema, List<@Nullable Object[]> rows) {
    this.schema = schema;
    this.rows = List.copyOf(rows);
  }

  /** The rows. */
  public List<@Nullable Object[]> rows() {
    return rows;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    return ArrowTypes.toRowType(typeFactory, schema);
  }

  @Override
  public Schema arrowSchema() {
    return schema;
  }

  @Override
  public double estimateRowCount() {
    return rows.size();
  }

  @Override
  public BatchReader scan(ScanRequest request, ExecutionContext context) {
    return new ListReader(schema, rows, request.columns(), context);
  }
}
