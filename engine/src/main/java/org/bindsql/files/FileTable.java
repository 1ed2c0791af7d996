package org.bindsql.files;

import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.impl.AbstractTable;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.BatchTable;
import org.bindsql.table.ScanRequest;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.BatchReader;

/** A file as a table that can be read. */
public final class FileTable extends AbstractTable implements BatchTable {
  private final FileSource source;

  /** Creates a table over a file. */
  public FileTable(FileSource source) {
    this.source = source;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    return ArrowTypes.toRowType(typeFactory, arrowSchema());
  }

  @Override
  public Schema arrowSchema() {
    return source.schema();
  }

  @Override
  public double estimateRowCount() {
    return source.estimateRowCount();
  }

  @Override
  public BatchReader scan(ScanRequest request, ExecutionContext context) {
    return source.open(request.columns(), context);
  }
}
