package org.bindsql.engine.change;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.parser.SqlInsertOnConflict;
import org.bindsql.parser.SqlMergeClause;
import org.bindsql.parser.SqlMergeClause.When;
import org.bindsql.parser.SqlMergeInto;

/** INSERT … ON CONFLICT as a MERGE of the rows to insert, which are called EXCLUDED. */
final class OnConflict {
  private static final SqlParserPos POS = SqlParserPos.ZERO;
  private static final String EXCLUDED = "EXCLUDED";

  private final ChangeTarget target;
  private final SqlInsertOnConflict statement;
  private final SqlNodeList inserted;
  private final ImmutableBitSet keys;

  OnConflict(ChangeTarget target, SqlInsertOnConflict statement) {
    this.target = target;
    this.statement = statement;
    SqlInsert insert = statement.insert();
    if (insert.isUpsert()) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "UPSERT: not supported, use INSERT … ON CONFLICT DO UPDATE");
    }
    this.inserted =
        insert.getTargetColumnList() == null ? target.all() : insert.getTargetColumnList();
    this.keys = keys(target.positions(inserted));
  }

  /** Positions of the columns by which rows conflict. */
  ImmutableBitSet keys() {
    return keys;
  }

  private ImmutableBitSet keys(ImmutableBitSet given) {
    SqlNodeList named = statement.keys();
    ImmutableBitSet positions =
        named == null ? target.table().primaryKey() : target.positions(named);
    if (positions.isEmpty()) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "ON CONFLICT: table "
              + target.id().names.getLast()
              + " has no primary key; say which columns: ON CONFLICT (column, …)");
    }
    if (!given.contains(positions)) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "ON CONFLICT: column '"
              + target.columns().get(positions.except(given).nth(0)).getName()
              + "' is not among the columns to insert");
    }
    return positions;
  }

  /** The statement as a MERGE. */
  SqlMergeInto merge() {
    List<SqlNode> clauses = new ArrayList<>();
    SqlUpdate update = statement.update();
    if (update != null) {
      clauses.add(new SqlMergeClause(POS, When.MATCHED, update.getCondition(), update));
    }
    SqlNodeList row = new SqlNodeList(POS);
    for (SqlNode column : inserted) {
      row.add(excluded(target.position(column)));
    }
    SqlNode values =
        SqlStdOperatorTable.VALUES.createCall(POS, SqlStdOperatorTable.ROW.createCall(row));
    clauses.add(
        new SqlMergeClause(
            POS,
            When.NOT_MATCHED,
            null,
            new SqlInsert(POS, SqlNodeList.EMPTY, target.id(), values, inserted)));
    return new SqlMergeInto(
        POS, target.id(), null, source(), condition(), new SqlNodeList(clauses, POS));
  }

  private SqlNode excluded(int position) {
    return new SqlIdentifier(List.of(EXCLUDED, target.columns().get(position).getName()), POS);
  }

  private SqlNode condition() {
    SqlNode condition = null;
    for (int key : keys) {
      SqlNode equal =
          SqlStdOperatorTable.EQUALS.createCall(
              POS, target.column(target.columns().get(key).getName()), excluded(key));
      condition =
          condition == null ? equal : SqlStdOperatorTable.AND.createCall(POS, condition, equal);
    }
    return java.util.Objects.requireNonNull(condition);
  }

  /** The rows to insert under the names of their columns. */
  private SqlNode source() {
    SqlNode query = statement.insert().getSource();
    typed(query);
    List<SqlNode> operands = new ArrayList<>();
    operands.add(query);
    operands.add(new SqlIdentifier(EXCLUDED, POS));
    for (SqlNode column : inserted) {
      operands.add(new SqlIdentifier(target.columns().get(target.position(column)).getName(), POS));
    }
    return SqlStdOperatorTable.AS.createCall(query.getParserPosition(), operands);
  }

  /** Gives parameters and NULLs that are values of the rows the types of their columns. */
  private void typed(SqlNode query) {
    switch (query) {
      case SqlSelect select -> typedRow(select.getSelectList());
      case SqlCall values when values.getKind() == SqlKind.VALUES -> {
        for (SqlNode row : values.getOperandList()) {
          SqlCall call = (SqlCall) row;
          SqlNodeList cells = new SqlNodeList(call.getOperandList(), POS);
          typedRow(cells);
          for (int i = 0; i < cells.size(); i++) {
            call.setOperand(i, cells.get(i));
          }
        }
      }
      default -> {}
    }
  }

  private void typedRow(SqlNodeList row) {
    for (int i = 0; i < Math.min(row.size(), inserted.size()); i++) {
      SqlNode cell = row.get(i);
      if (cell.getKind() == SqlKind.DYNAMIC_PARAM || SqlUtil.isNullLiteral(cell, false)) {
        RelDataType type = target.columns().get(target.position(inserted.get(i))).getType();
        row.set(i, SqlStdOperatorTable.CAST.createCall(cell.getParserPosition(), cell, spec(type)));
      }
    }
  }

  /** A type as it is written; of binary values without the length, to which a cast would cut. */
  private static SqlDataTypeSpec spec(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.BINARY
        ? new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.VARBINARY, POS), POS)
        : SqlTypeUtil.convertTypeToSpec(type);
  }
}
