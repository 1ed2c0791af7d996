package org.bindsql.engine;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.LanceTable;
import org.bindsql.table.ChangeForm;
import org.jspecify.annotations.Nullable;

/**
 * The Lance tables that a plan reads or changes, with the columns that they had when it was made.
 */
record PlannedTables(List<LanceTable> tables) {
  /** The tables of a plan; none if there is no plan. */
  static PlannedTables of(BindPrepare.@Nullable Plan plan) {
    List<LanceTable> tables = new ArrayList<>();
    if (plan != null) {
      new RelVisitor() {
        @Override
        public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
          LanceTable table = table(node.getTable());
          if (table != null) {
            tables.add(table);
          }
          super.visit(node, ordinal, parent);
        }
      }.go(plan.physical().rel);
    }
    return new PlannedTables(List.copyOf(tables));
  }

  private static @Nullable LanceTable table(@Nullable RelOptTable table) {
    if (table == null) {
      return null;
    }
    ChangeForm form = table.unwrap(ChangeForm.class);
    return form != null && form.table() instanceof LanceTable changed
        ? changed
        : table.unwrap(LanceTable.class);
  }

  /** Whether the versions that the statement of a scope reads have the columns of the plan. */
  boolean areCurrent(StatementScope scope) {
    return tables.stream().allMatch(table -> table.hasPlannedColumns(scope));
  }

  /** Whether two results have columns of the same names and, but for NULL, types. */
  static boolean sameColumns(RelDataType one, RelDataType other) {
    List<RelDataTypeField> ones = one.getFieldList();
    List<RelDataTypeField> others = other.getFieldList();
    if (ones.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < ones.size(); i++) {
      if (!ones.get(i).getName().equals(others.get(i).getName())
          || !SqlTypeUtil.equalSansNullability(ones.get(i).getType(), others.get(i).getType())) {
        return false;
      }
    }
    return true;
  }
}
