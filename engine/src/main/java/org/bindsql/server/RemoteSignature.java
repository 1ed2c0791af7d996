package org.bindsql.server;

import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.Meta.ExecuteResult;
import org.apache.calcite.avatica.Meta.MetaResultSet;
import org.apache.calcite.avatica.Meta.Signature;
import org.jspecify.annotations.Nullable;

/** Columns as the client is told of them: those that {@link RemoteValues} hid are STRUCTs again. */
final class RemoteSignature {
  private RemoteSignature() {}

  static ExecuteResult of(ExecuteResult result) {
    List<MetaResultSet> results = new ArrayList<>();
    for (MetaResultSet rows : result.resultSets) {
      results.add(
          rows.signature == null
              ? rows
              : MetaResultSet.create(
                  rows.connectionId,
                  rows.statementId,
                  rows.ownStatement,
                  of(rows.signature),
                  rows.firstFrame,
                  rows.updateCount));
    }
    return new ExecuteResult(results);
  }

  static @Nullable Signature of(@Nullable Signature signature) {
    if (signature == null || signature.columns.stream().noneMatch(RemoteSignature::isRow)) {
      return signature;
    }
    List<ColumnMetaData> columns = new ArrayList<>();
    for (ColumnMetaData column : signature.columns) {
      columns.add(isRow(column) ? asStruct(column) : column);
    }
    return new Signature(
        columns,
        signature.sql,
        signature.parameters,
        signature.internalParameters,
        signature.cursorFactory,
        signature.statementType);
  }

  private static boolean isRow(ColumnMetaData column) {
    return column.type.id == Types.JAVA_OBJECT && column.type.name.equals(RemoteValues.STRUCT);
  }

  private static ColumnMetaData asStruct(ColumnMetaData column) {
    // The client takes the fields from the list that it gets, but knows a struct by having some.
    ColumnMetaData anyField =
        ColumnMetaData.dummy(ColumnMetaData.scalar(Types.JAVA_OBJECT, "ANY", Rep.OBJECT), true);
    return new ColumnMetaData(
        column.ordinal,
        column.autoIncrement,
        column.caseSensitive,
        column.searchable,
        column.currency,
        column.nullable,
        column.signed,
        column.displaySize,
        column.label,
        column.columnName,
        column.schemaName,
        column.precision,
        column.scale,
        column.tableName,
        column.catalogName,
        ColumnMetaData.struct(List.of(anyField)),
        column.readOnly,
        column.writable,
        column.definitelyWritable,
        column.columnClassName);
  }
}
