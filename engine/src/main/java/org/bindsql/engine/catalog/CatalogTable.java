package org.bindsql.engine.catalog;

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
public final class CatalogTable extends AbstractTable implements ScannableTable {
  /**
   * A column.
   *
   * @param nullable whether it may be NULL
   */
  public record Column(String name, SqlTypeName type, boolean nullable) {
    /** A column of type VARCHAR NOT NULL. */
    public static Column text(String name) {
      return new Column(name, SqlTypeName.VARCHAR, false);
    }

    /** A column of type VARCHAR. */
    public static Column nullableText(String name) {
      return new Column(name, SqlTypeName.VARCHAR, true);
    }

    /** A column of type INTEGER. */
    public static Column nullableNumber(String name) {
      return new Column(name, SqlTypeName.INTEGER, true);
    }

    /** A column of type INTEGER NOT NULL. */
    public static Column number(String name) {
      return new Column(name, SqlTypeName.INTEGER, false);
    }

    /** A column of type BOOLEAN NOT NULL. */
    public static Column truth(String name) {
      return new Column(name, SqlTypeName.BOOLEAN, false);
    }

    /** A column of type BIGINT NOT NULL. */
    public static Column count(String name) {
      return new Column(name, SqlTypeName.BIGINT, false);
    }
  }

  private final List<Column> columns;
  private final Function<SchemaPlus, List<@Nullable Object[]>> rows;

  /**
   * Creates a table.
   *
   * @param rows the rows for a catalog; each has a value for every column
   */
  public CatalogTable(List<Column> columns, Function<SchemaPlus, List<@Nullable Object[]>> rows) {
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
