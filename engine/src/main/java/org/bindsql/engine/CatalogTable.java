package org.bindsql.engine;

import java.util.List;
import java.util.function.Function;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.ScannableTable;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** A read-only table whose rows are computed from the catalog when it is read. */
final class CatalogTable extends AbstractTable implements ScannableTable {
  /**
   * A column.
   *
   * @param nullable whether it may be NULL
   */
  record Column(String name, SqlTypeName type, boolean nullable) {
    static Column text(String name) {
      return new Column(name, SqlTypeName.VARCHAR, false);
    }

    static Column nullableText(String name) {
      return new Column(name, SqlTypeName.VARCHAR, true);
    }

    static Column nullableNumber(String name) {
      return new Column(name, SqlTypeName.INTEGER, true);
    }

    static Column number(String name) {
      return new Column(name, SqlTypeName.INTEGER, false);
    }

    static Column truth(String name) {
      return new Column(name, SqlTypeName.BOOLEAN, false);
    }

    static Column count(String name) {
      return new Column(name, SqlTypeName.BIGINT, false);
    }
  }

  private final List<Column> columns;
  private final Function<SchemaPlus, List<@Nullable Object[]>> rows;

  CatalogTable(List<Column> columns, Function<SchemaPlus, List<@Nullable Object[]>> rows) {
    this.columns = columns;
    this.rows = rows;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    RelDataTypeFactory.Builder builder = typeFactory.builder();
    for (Column column : columns) {
      builder.add(column.name(), column.type()).nullable(column.nullable());
    }
    return builder.build();
  }

  @Override
  public Enumerable<@Nullable Object[]> scan(DataContext root) {
    SchemaPlus schema = root.getRootSchema();
    return Linq4j.asEnumerable(schema == null ? List.of() : rows.apply(schema));
  }

  @Override
  public Schema.TableType getJdbcTableType() {
    return Schema.TableType.SYSTEM_TABLE;
  }
}
