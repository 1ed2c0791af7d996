package org.bindsql.engine.change;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.parser.SqlInsertOnConflict;
import org.bindsql.parser.SqlMergeClause;
import org.bindsql.parser.SqlMergeClause.When;
import org.bindsql.parser.SqlMergeInto;
import org.bindsql.table.ChangeForm;
import org.bindsql.table.ChangePlan;
import org.bindsql.table.ChangePlan.Clause;
import org.bindsql.table.ChangeTable;
import org.jspecify.annotations.Nullable;

/** Rewriting of UPDATE, DELETE and MERGE of a {@link ChangeTable} to a {@link Change}. */
public final class ChangeRewrite {
  private static final SqlParserPos POS = SqlParserPos.ZERO;

  /** Name of the column that is NULL where a row of the target has none of the source. */
  private static final String SOURCE = "_source";

  private final ChangeTarget target;
  private final List<Clause> clauses = new ArrayList<>();
  private final SqlNodeList names = new SqlNodeList(POS);
  private final SqlNodeList values = new SqlNodeList(POS);

  private ChangeRewrite(ChangeTarget target) {
    this.target = target;
  }

  /** The statement rewritten, or null if it is none of those, or changes some other table. */
  public static @Nullable Change of(SqlNode statement, BindContext context) {
    return switch (statement) {
      case SqlUpdate update -> {
        ChangeTarget target = ChangeTarget.of(update.getTargetTable(), update.getAlias(), context);
        yield target == null ? null : new ChangeRewrite(target).update(update);
      }
      case SqlDelete delete -> {
        ChangeTarget target = ChangeTarget.of(delete.getTargetTable(), delete.getAlias(), context);
        yield target == null ? null : new ChangeRewrite(target).delete(delete);
      }
      case SqlMergeInto merge -> {
        ChangeTarget target = ChangeTarget.require(merge.table(), merge.alias(), "MERGE", context);
        yield new ChangeRewrite(target).merge(merge, ImmutableBitSet.of(), false);
      }
      case SqlInsertOnConflict insert -> {
        ChangeTarget target =
            ChangeTarget.require(
                insert.insert().getTargetTable(), null, "INSERT ON CONFLICT", context);
        OnConflict conflict = new OnConflict(target, insert);
        yield new ChangeRewrite(target)
            .merge(conflict.merge(), conflict.keys(), insert.update() == null);
      }
      default -> null;
    };
  }

  private Change update(SqlUpdate update) {
    ImmutableBitSet assigned = target.positions(update.getTargetColumnList());
    clauses.add(new Clause(ChangeTable.UPDATE, assigned));
    for (int i = 0; i < update.getTargetColumnList().size(); i++) {
      int position = target.position(update.getTargetColumnList().get(i));
      add(target.columns().get(position).getName(), update.getSourceExpressionList().get(i));
    }
    addRow(number(0));
    for (RelDataTypeField column : target.columns()) {
      if (!assigned.get(column.getIndex())) {
        add(column.getName(), target.column(column.getName()));
      }
    }
    return change(target.from(), update.getCondition(), true, ImmutableBitSet.of(), false);
  }

  private Change delete(SqlDelete delete) {
    clauses.add(new Clause(ChangeTable.DELETE, ImmutableBitSet.of()));
    addRow(number(0));
    return change(target.from(), delete.getCondition(), true, ImmutableBitSet.of(), false);
  }

  private Change merge(SqlMergeInto merge, ImmutableBitSet keys, boolean firstWins) {
    boolean byTarget = any(merge, When.NOT_MATCHED);
    boolean bySource = any(merge, When.NOT_MATCHED_BY_SOURCE);
    // Never an inner join, even if only rows that match matter: the source is to be the side that
    // is kept in memory, and the planner may swap the sides of an inner join.
    JoinType type = bySource ? (byTarget ? JoinType.FULL : JoinType.LEFT) : JoinType.RIGHT;
    SqlNodeList whens = new SqlNodeList(POS);
    SqlNodeList thens = new SqlNodeList(POS);
    for (SqlMergeClause clause : merge.clauses()) {
      MergeScope.check(clause, target, alias(merge.source()));
      SqlNode rows = rows(clause.when(), type);
      whens.add(clause.condition() == null ? rows : and(rows, clause.condition()));
      thens.add(clause(clause));
    }
    SqlNode none = SqlLiteral.createNull(POS);
    addRow(
        clauses.isEmpty()
            ? SqlStdOperatorTable.CAST.createCall(POS, none, type(SqlTypeName.INTEGER))
            : new SqlCase(POS, null, whens, thens, none));
    SqlNode join =
        new SqlJoin(
            POS,
            // As a query: Calcite does not find an extended table in a join.
            named(select(star(), target.rows(), null), target.name()),
            SqlLiteral.createBoolean(false, POS),
            type.symbol(POS),
            bySource ? marked(merge.source()) : merge.source(),
            JoinConditionType.ON.symbol(POS),
            merge.condition());
    return change(join, null, false, keys, firstWins);
  }

  private static boolean any(SqlMergeInto merge, When when) {
    return merge.clauses().stream().anyMatch(clause -> clause.when() == when);
  }

  /** Whether a row of the join is one that a clause is for. */
  private SqlNode rows(When when, JoinType type) {
    SqlNode row = target.column(ChangeTable.ROW_ADDRESS);
    SqlNode source = new SqlIdentifier(SOURCE, POS);
    return switch (when) {
      case MATCHED ->
          switch (type) {
            case FULL -> and(isNotNull(row), isNotNull(source));
            case LEFT -> isNotNull(source);
            default -> isNotNull(row);
          };
      case NOT_MATCHED -> SqlStdOperatorTable.IS_NULL.createCall(POS, row);
      case NOT_MATCHED_BY_SOURCE -> SqlStdOperatorTable.IS_NULL.createCall(POS, source);
    };
  }

  private static SqlNode isNotNull(SqlNode node) {
    return SqlStdOperatorTable.IS_NOT_NULL.createCall(POS, node);
  }

  private static SqlNode and(SqlNode left, SqlNode right) {
    return SqlStdOperatorTable.AND.createCall(POS, left, right);
  }

  /** The source with a column that is never NULL but where it has no row. */
  private static SqlNode marked(SqlNode source) {
    SqlNodeList list = star();
    SqlNode mark = SqlLiteral.createBoolean(true, POS);
    list.add(SqlStdOperatorTable.AS.createCall(POS, mark, new SqlIdentifier(SOURCE, POS)));
    return named(select(list, source, null), alias(source));
  }

  private static String alias(SqlNode source) {
    return switch (source) {
      case SqlIdentifier id -> id.names.getLast();
      case SqlCall call when call.getKind() == SqlKind.AS ->
          ((SqlIdentifier) call.operand(1)).getSimple();
      default -> "_unnamed";
    };
  }

  private static SqlNode named(SqlNode query, String name) {
    return SqlStdOperatorTable.AS.createCall(POS, query, new SqlIdentifier(name, POS));
  }

  private static SqlNodeList star() {
    SqlNodeList list = new SqlNodeList(POS);
    list.add(SqlIdentifier.star(POS));
    return list;
  }

  /** Notes what a clause does; returns its number, or NULL if it does nothing. */
  private SqlNode clause(SqlMergeClause clause) {
    int number = clauses.size();
    switch (clause.action()) {
      case SqlUpdate update ->
          set(
              ChangeTable.UPDATE,
              update.getTargetColumnList(),
              update.getSourceExpressionList().getList());
      case SqlInsert insert -> {
        SqlCall row = ((SqlCall) insert.getSource()).operand(0);
        SqlNodeList given = insert.getTargetColumnList();
        SqlNodeList columns = given == null ? target.all() : given;
        if (columns.size() != row.operandCount()) {
          throw new BindSqlException(
              ErrorCode.SYNTAX,
              "INSERT has "
                  + columns.size()
                  + " columns but "
                  + row.operandCount()
                  + " values"
                  + ChangeTarget.where(row.getParserPosition()));
        }
        set(ChangeTable.INSERT, columns, row.getOperandList());
      }
      case SqlDelete delete -> clauses.add(new Clause(ChangeTable.DELETE, ImmutableBitSet.of()));
      case null, default -> {
        return SqlLiteral.createNull(POS);
      }
    }
    return number(number);
  }

  private void set(int action, SqlNodeList columns, List<SqlNode> expressions) {
    ImmutableBitSet.Builder assigned = ImmutableBitSet.builder();
    target.positions(columns);
    for (int i = 0; i < columns.size(); i++) {
      if (expressions.get(i).getKind() != SqlKind.DEFAULT) {
        int position = target.position(columns.get(i));
        assigned.set(position);
        add(ChangeForm.setColumn(clauses.size(), position), expressions.get(i));
      }
    }
    clauses.add(new Clause(action, assigned.build()));
  }

  private void addRow(SqlNode clause) {
    add(ChangeForm.CLAUSE, clause);
    for (String column : List.of(ChangeTable.ROW_ADDRESS, ChangeTable.ROW_OFFSET)) {
      add(column, target.column(column));
    }
  }

  private void add(String column, SqlNode value) {
    names.add(new SqlIdentifier(column, value.getParserPosition()));
    values.add(value);
  }

  private Change change(
      SqlNode from,
      @Nullable SqlNode condition,
      boolean complete,
      ImmutableBitSet keys,
      boolean firstWins) {
    SqlNodeList form = new SqlNodeList(POS);
    ChangeTarget.declare(ChangeForm.CLAUSE, SqlTypeName.INTEGER, form);
    ChangeTarget.declare(ChangeTable.ROW_ADDRESS, SqlTypeName.BIGINT, form);
    ChangeTarget.declare(ChangeTable.ROW_OFFSET, SqlTypeName.BIGINT, form);
    for (int clause = 0; clause < clauses.size() && !complete; clause++) {
      for (int column : clauses.get(clause).columns()) {
        // The form gives it the column's own type.
        ChangeTarget.declare(ChangeForm.setColumn(clause, column), SqlTypeName.INTEGER, form);
      }
    }
    SqlNode insert =
        new SqlInsert(
            POS, SqlNodeList.EMPTY, target.extended(form), select(values, from, condition), names);
    return new Change(insert, new ChangePlan(clauses, complete, keys, firstWins));
  }

  private static SqlSelect select(SqlNodeList list, SqlNode from, @Nullable SqlNode condition) {
    return new SqlSelect(
        POS, null, list, from, condition, null, null, null, null, null, null, null, null);
  }

  private static SqlNode number(int value) {
    return SqlLiteral.createExactNumeric(Integer.toString(value), POS);
  }

  private static SqlNode type(SqlTypeName name) {
    SqlNodeList declaration = new SqlNodeList(POS);
    ChangeTarget.declare("", name, declaration);
    return declaration.get(1);
  }
}
