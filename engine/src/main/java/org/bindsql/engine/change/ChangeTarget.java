package org.bindsql.engine.change;

import java.util.List;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.Table;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.table.ChangeTable;
import org.jspecify.annotations.Nullable;

/**
 * The table that a statement changes.
 *
 * @param id its name as the statement writes it
 * @param extension columns by which the statement extends it, each a name and a type; may be empty
 * @param alias its name in the statement, or null
 * @param columns its columns
 */
public record ChangeTarget(
    SqlIdentifier id,
    List<SqlNode> extension,
    @Nullable SqlIdentifier alias,
    ChangeTable table,
    List<RelDataTypeField> columns) {

  /** The target as a statement writes it, or null if that is no {@link ChangeTable}. */
  static @Nullable ChangeTarget of(
      SqlNode target, @Nullable SqlIdentifier alias, BindContext context) {
    boolean extended = target.getKind() == SqlKind.EXTEND;
    SqlNode name = extended ? ((SqlCall) target).operand(0) : target;
    if (!(name instanceof SqlIdentifier id)) {
      return null; // a table with hints
    }
    CalciteSchema.TableEntry entry = entry(id, context);
    if (entry == null || !(entry.getTable() instanceof ChangeTable table)) {
      return null;
    }
    RelDataType rowType = ((Table) table).getRowType(context.getTypeFactory());
    List<SqlNode> extension =
        extended ? List.copyOf(((SqlCall) target).<SqlNodeList>operand(1).getList()) : List.of();
    return new ChangeTarget(id, extension, alias, table, rowType.getFieldList());
  }

  /** The target; fails if that is no {@link ChangeTable}. */
  static ChangeTarget require(
      SqlNode target, @Nullable SqlIdentifier alias, String statement, BindContext context) {
    ChangeTarget found = of(target, alias, context);
    if (found != null) {
      return found;
    }
    if (target instanceof SqlIdentifier id && entry(id, context) == null) {
      throw new BindSqlException(
          ErrorCode.NO_SUCH_TABLE, "no table '" + String.join(".", id.names) + "'");
    }
    throw new BindSqlException(
        ErrorCode.NOT_SUPPORTED,
        quote(target) + " cannot be changed by " + statement + ": use UPDATE and INSERT");
  }

  /** The name of a statement's target, for messages. */
  public static String quote(@Nullable SqlNode target) {
    return target instanceof SqlIdentifier id
        ? "'" + String.join(".", id.names) + "'"
        : "the table";
  }

  private static CalciteSchema.@Nullable TableEntry entry(SqlIdentifier id, BindContext context) {
    List<String> path =
        id.isSimple() ? context.getDefaultSchemaPath() : id.names.subList(0, id.names.size() - 1);
    CalciteSchema schema = context.getRootSchema();
    for (String part : path) {
      schema = schema.getSubSchema(part, false);
      if (schema == null) {
        return null;
      }
    }
    return schema.getTable(id.names.getLast(), false);
  }

  /** The table, with what tells which row is which. */
  SqlNode rows() {
    SqlNodeList more = new SqlNodeList(extension, SqlParserPos.ZERO);
    declare(ChangeTable.ROW_ADDRESS, SqlTypeName.BIGINT, more);
    declare(ChangeTable.ROW_OFFSET, SqlTypeName.BIGINT, more);
    return extended(more);
  }

  /** {@link #rows} under the table's name in the statement. */
  SqlNode from() {
    return alias == null
        ? rows()
        : SqlStdOperatorTable.AS.createCall(SqlParserPos.ZERO, rows(), alias);
  }

  /** The table with further columns, each a name and a type. */
  SqlNode extended(SqlNodeList more) {
    return SqlStdOperatorTable.EXTEND.createCall(
        id.getParserPosition(), id.clone(id.getParserPosition()), more);
  }

  /** Adds a column's declaration to a list. */
  static void declare(String name, SqlTypeName type, SqlNodeList to) {
    SqlParserPos pos = SqlParserPos.ZERO;
    to.add(new SqlIdentifier(name, pos));
    to.add(new SqlDataTypeSpec(new SqlBasicTypeNameSpec(type, pos), pos).withNullable(true));
  }

  /** The table's name in the statement. */
  String name() {
    return alias == null ? id.names.getLast() : alias.getSimple();
  }

  /** A reference to a column of the table. */
  SqlNode column(String column) {
    return new SqlIdentifier(List.of(name(), column), SqlParserPos.ZERO);
  }

  /** The names of all columns. */
  SqlNodeList all() {
    SqlNodeList all = new SqlNodeList(SqlParserPos.ZERO);
    columns.forEach(column -> all.add(new SqlIdentifier(column.getName(), SqlParserPos.ZERO)));
    return all;
  }

  /** Position of a column that a statement names, perhaps with the table before it. */
  int position(SqlNode name) {
    List<String> names = ((SqlIdentifier) name).names;
    boolean simple =
        names.size() == 1 || (names.size() == 2 && names.getFirst().equalsIgnoreCase(name()));
    for (RelDataTypeField column : columns) {
      if (simple && column.getName().equalsIgnoreCase(names.getLast())) {
        return column.getIndex();
      }
    }
    SqlParserPos at = name.getParserPosition();
    throw new BindSqlException(
        ErrorCode.NO_SUCH_COLUMN,
        "no column '" + String.join(".", names) + "' in table " + id.names.getLast() + where(at));
  }

  /** Positions of the columns that a statement assigns; fails if one comes twice. */
  ImmutableBitSet positions(SqlNodeList names) {
    ImmutableBitSet.Builder positions = ImmutableBitSet.builder();
    for (SqlNode name : names) {
      int position = position(name);
      if (positions.get(position)) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "column '"
                + columns.get(position).getName()
                + "' is assigned more than once"
                + where(name.getParserPosition()));
      }
      if (table.isPart(position)) {
        throw new BindSqlException(
            ErrorCode.NOT_ALLOWED,
            "column '"
                + columns.get(position).getName()
                + "' is part of another column, which is to be set instead"
                + where(name.getParserPosition()));
      }
      positions.set(position);
    }
    return positions.build();
  }

  /** Where in the statement, for the end of a message. */
  static String where(SqlParserPos at) {
    return " (line " + at.getLineNum() + ", column " + at.getColumnNum() + ")";
  }
}
