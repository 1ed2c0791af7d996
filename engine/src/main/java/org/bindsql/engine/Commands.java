package org.bindsql.engine;

import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.jdbc.CalcitePrepare.CalciteSignature;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.engine.catalog.CatalogTable;
import org.bindsql.engine.dialect.BindContext;
import org.jspecify.annotations.Nullable;

/** Statements that are run by Java code of ours instead of a plan. */
final class Commands {
  /** Work of a statement. */
  interface Command {
    /** Does the work and returns the number of rows changed. */
    long run(DataContext root);
  }

  /** Work of a statement that returns rows. */
  interface Rows {
    /** Does the work and returns the rows, each a value per column as JDBC has it. */
    List<@Nullable Object[]> run(DataContext root);
  }

  private Commands() {}

  /** A statement without parameters that returns a row count. */
  static <T> CalciteSignature<T> of(String sql, BindContext context, Command command) {
    return of(sql, context, List.of(), Map.of(), command);
  }

  /** A statement that returns a row count; it runs when executed, not when prepared. */
  static <T> CalciteSignature<T> of(
      String sql,
      BindContext context,
      List<AvaticaParameter> parameters,
      Map<String, Object> internalParameters,
      Command command) {
    RelDataType type =
        context.getTypeFactory().builder().add("ROWCOUNT", SqlTypeName.BIGINT).build();
    return new Signature<>(
        sql,
        context,
        parameters,
        internalParameters,
        type,
        column("ROWCOUNT", ColumnMetaData.scalar(Types.BIGINT, "BIGINT", Rep.LONG)),
        Meta.StatementType.IS_DML) {
      @Override
      Object value(DataContext root) {
        return command.run(root);
      }
    };
  }

  /**
   * A statement without parameters that returns rows; it does its work when executed.
   *
   * @param columns text, numbers and truth values, at least two
   */
  static <T> CalciteSignature<T> rows(
      String sql, BindContext context, List<CatalogTable.Column> columns, Rows command) {
    RelDataTypeFactory.Builder type = context.getTypeFactory().builder();
    List<ColumnMetaData> metaData = new ArrayList<>();
    for (CatalogTable.Column column : columns) {
      type.add(column.name(), column.type()).nullable(column.nullable());
      metaData.add(
          column(metaData.size(), column.name(), column.nullable(), scalar(column.type())));
    }
    return new CalciteSignature<>(
        sql,
        List.of(),
        Map.of(),
        type.build(),
        metaData,
        Meta.CursorFactory.ARRAY,
        context.getRootSchema(),
        List.of(),
        -1,
        null,
        Meta.StatementType.SELECT) {
      @Override
      @SuppressWarnings("unchecked") // T is Object[] where there is more than one column
      public Enumerable<T> enumerable(DataContext root) {
        return new AbstractEnumerable<>() {
          @Override
          public Enumerator<T> enumerator() {
            return Linq4j.enumerator((List<T>) command.run(root));
          }
        };
      }
    };
  }

  private static ColumnMetaData.ScalarType scalar(SqlTypeName type) {
    Rep rep =
        switch (type) {
          case VARCHAR -> Rep.STRING;
          case BOOLEAN -> Rep.BOOLEAN;
          case INTEGER -> Rep.INTEGER;
          case BIGINT -> Rep.LONG;
          case DOUBLE -> Rep.DOUBLE;
          default -> throw new IllegalArgumentException("column type " + type);
        };
    return ColumnMetaData.scalar(type.getJdbcOrdinal(), type.getName(), rep);
  }

  /** A single column of a statement's result. */
  static ColumnMetaData column(String name, ColumnMetaData.ScalarType type) {
    return column(0, name, false, type);
  }

  private static ColumnMetaData column(
      int ordinal, String name, boolean nullable, ColumnMetaData.ScalarType type) {
    return new ColumnMetaData(
        ordinal,
        false,
        true,
        false,
        false,
        nullable ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
        true,
        0,
        name,
        name,
        null,
        0,
        0,
        null,
        null,
        type,
        true,
        false,
        false,
        type.columnClassName());
  }

  /** A statement whose result is one row of one column, computed when it is executed. */
  abstract static class Signature<T> extends CalciteSignature<T> {
    private final BindContext context;

    Signature(
        String sql,
        BindContext context,
        List<AvaticaParameter> parameters,
        Map<String, Object> internalParameters,
        RelDataType rowType,
        ColumnMetaData column,
        Meta.StatementType kind) {
      super(
          sql,
          parameters,
          internalParameters,
          rowType,
          List.of(column),
          Meta.CursorFactory.OBJECT,
          context.getRootSchema(),
          List.of(),
          -1,
          null,
          kind);
      this.context = context;
    }

    abstract Object value(DataContext root);

    @Override
    public Enumerable<T> enumerable(DataContext root) {
      return new AbstractEnumerable<>() {
        @Override
        @SuppressWarnings("unchecked")
        public Enumerator<T> enumerator() {
          Batch batch = Session.of(context).batch();
          if (batch != null) {
            batch.turn();
          }
          return Linq4j.singletonEnumerator((T) value(root));
        }
      };
    }
  }
}
