package org.bindsql.engine.catalog;

import java.util.List;
import org.apache.calcite.avatica.MetaImpl.MetaColumn;
import org.apache.calcite.avatica.MetaImpl.MetaTable;
import org.apache.calcite.jdbc.CalciteMetaColumnFactory;
import org.apache.calcite.jdbc.CalciteMetaImpl.CalciteMetaTable;
import org.apache.calcite.jdbc.CalciteMetaTableFactory;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractTable;
import org.bindsql.error.BindSqlException;
import org.bindsql.lance.definition.TableDetails;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@link java.sql.DatabaseMetaData}'s tables and columns: Calcite's, with comments, and
 * without the columns of tables that cannot be opened.
 */
public final class MetadataRows {
  /** Makes the rows of tables. */
  public static final CalciteMetaTableFactory TABLES =
      new CalciteMetaTableFactory() {
        @Override
        public MetaTable createTable(Table table, String catalog, String schema, String name) {
          return new TableRow(new Listed(table), catalog, schema, name);
        }

        @Override
        public Class<? extends MetaTable> getMetaTableClass() {
          return TableRow.class;
        }
      };

  /** Makes the rows of columns. */
  public static final CalciteMetaColumnFactory COLUMNS =
      new CalciteMetaColumnFactory() {
        @Override
        public MetaColumn createColumn(
            Table table,
            String catalog,
            String schema,
            String tableName,
            String name,
            int dataType,
            String typeName,
            Integer size,
            @Nullable Integer digits,
            int radix,
            int nullable,
            Integer octets,
            int position,
            String isNullable) {
          return new ColumnRow(
              ((Listed) table).comment(name),
              new MetaColumn(
                  catalog,
                  schema,
                  tableName,
                  name,
                  dataType,
                  typeName,
                  size,
                  digits,
                  radix,
                  nullable,
                  octets,
                  position,
                  isNullable));
        }

        @Override
        public Class<? extends MetaColumn> getMetaColumnClass() {
          return ColumnRow.class;
        }
      };

  private MetadataRows() {}

  /** A table with its comment; Avatica reads the fields by their names. */
  public static final class TableRow extends CalciteMetaTable {
    /** The comment on the table. */
    public final @Nullable String remarks;

    private TableRow(Listed table, String catalog, String schema, String name) {
      super(table, catalog, schema, name);
      this.remarks = table.comment();
    }
  }

  /** A column with its comment; Avatica reads the fields by their names. */
  public static final class ColumnRow extends MetaColumn {
    /** The comment on the column. */
    public final @Nullable String remarks;

    private ColumnRow(@Nullable String remarks, MetaColumn column) {
      super(
          column.tableCat,
          column.tableSchem,
          column.tableName,
          column.columnName,
          column.dataType,
          column.typeName,
          column.columnSize,
          column.decimalDigits,
          column.numPrecRadix,
          column.nullable,
          column.charOctetLength,
          column.ordinalPosition,
          column.isNullable);
      this.remarks = remarks;
    }
  }

  /** A table as it is listed: without columns if it cannot be opened. */
  private static final class Listed extends AbstractTable {
    private final Table table;
    private @Nullable TableDetails details;
    private boolean asked;

    Listed(Table table) {
      this.table = table;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory types) {
      try {
        return table.getRowType(types);
      } catch (BindSqlException damaged) {
        return types.createStructType(List.of());
      }
    }

    @Override
    public Schema.TableType getJdbcTableType() {
      return table.getJdbcTableType();
    }

    @Nullable String comment() {
      TableDetails known = details();
      return known == null ? null : known.comment();
    }

    @Nullable String comment(String column) {
      TableDetails known = details();
      return known == null ? null : known.comment(column);
    }

    private @Nullable TableDetails details() {
      if (!asked) {
        details = ConstraintViews.details(table);
        asked = true;
      }
      return details;
    }
  }
}
