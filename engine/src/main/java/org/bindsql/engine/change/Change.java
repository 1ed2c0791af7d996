package org.bindsql.engine.change;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableModify;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalTableModify;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.bindsql.table.ChangeForm;
import org.bindsql.table.ChangePlan;

/**
 * A statement that changes rows, as an INSERT into the table's {@link ChangeForm}.
 *
 * <p>Each clause that sets columns has columns of its own in the form, so that Calcite validates
 * every expression of the statement once, where it stands, against the column it is stored in;
 * {@link #lower} makes one value per column of them.
 *
 * @param statement the INSERT
 * @param plan what it does
 */
public record Change(SqlNode statement, ChangePlan plan) {
  /** Columns of the change form between those of the table and those of the clauses. */
  private static final int LEADING = 3;

  /**
   * The logical plan as the rules want it: of rows of a clause, an address, an offset, and the
   * table's columns.
   */
  public RelNode lower(RelNode rel) {
    if (!(rel instanceof LogicalTableModify modify)) {
      throw new IllegalStateException("not a change: " + rel);
    }
    RelOptTable table = modify.getTable();
    ChangeForm form = table.unwrapOrThrow(ChangeForm.class);
    RelNode input = modify.getInput();
    RexBuilder rex = input.getCluster().getRexBuilder();
    int width = form.table().arrowSchema().getFields().size();
    List<RexNode> fields = new ArrayList<>();
    for (int i = 0; i < LEADING; i++) {
      fields.add(rex.makeInputRef(input, width + i));
    }
    for (int column = 0; column < width; column++) {
      fields.add(value(column, width, input, rex));
    }
    LogicalProject project =
        LogicalProject.create(input, List.of(), fields, (List<String>) null, Set.of());
    RelOptTable target =
        RelOptTableImpl.create(
            table.getRelOptSchema(),
            table.getRowType(),
            table.getQualifiedName(),
            form.with(plan),
            (Expression) null);
    return LogicalTableModify.create(
        target,
        modify.getCatalogReader(),
        project,
        TableModify.Operation.INSERT,
        null,
        null,
        modify.isFlattened());
  }

  /** What a column becomes: what the row's clause sets it to, else what the form's column has. */
  private RexNode value(int column, int width, RelNode input, RexBuilder rex) {
    RexNode other = rex.makeInputRef(input, column);
    if (plan.complete()) {
      return other;
    }
    List<RexNode> operands = new ArrayList<>();
    int set = width + LEADING;
    for (int clause = 0; clause < plan.clauses().size(); clause++) {
      for (int assigned : plan.clauses().get(clause).columns()) {
        if (assigned == column) {
          operands.add(
              rex.makeCall(
                  SqlStdOperatorTable.EQUALS,
                  rex.makeInputRef(input, width),
                  rex.makeExactLiteral(BigDecimal.valueOf(clause))));
          operands.add(rex.makeInputRef(input, set));
        }
        set++;
      }
    }
    if (operands.isEmpty()) {
      return other;
    }
    operands.add(other);
    RelDataType nullable = rex.getTypeFactory().createTypeWithNullability(other.getType(), true);
    return rex.makeCall(nullable, SqlStdOperatorTable.CASE, operands);
  }
}
