package org.bindsql.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.LanceTable;
import org.bindsql.parser.SqlCopy;
import org.bindsql.table.ChangeForm;
import org.jspecify.annotations.Nullable;

/**
 * The Lance tables that a plan reads or changes, with the columns that they had when it was made.
 */
record PlannedTables(List<LanceTable> tables) {
  /** Schemas whose tables never change their columns. */
  private static final Set<String> FIXED = Set.of("bindspace", "information_schema", "system");

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

  /**
   * Whether everything that a plan reads is a schema's of the database, or a Lance table as it is
   * now: no file, no table of another system, no old version, whose names may come to mean others.
   */
  static boolean areInCatalog(RelNode plan) {
    boolean[] known = {true};
    RexShuttle subQueries =
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            known[0] &= areInCatalog(query.rel);
            return super.visitSubQuery(query);
          }
        };
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
        RelOptTable table = node.getTable();
        known[0] &= table == null || isInCatalog(table);
        node.accept(subQueries);
        super.visit(node, ordinal, parent);
      }
    }.go(plan);
    return known[0];
  }

  private static boolean isInCatalog(RelOptTable table) {
    List<String> name = table.getQualifiedName();
    LanceTable lance = table.unwrap(LanceTable.class);
    return lance == null
        ? FIXED.contains(name.getFirst())
        : name.stream().noneMatch(part -> part.contains(":") || part.equals(SqlCopy.FILES));
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
