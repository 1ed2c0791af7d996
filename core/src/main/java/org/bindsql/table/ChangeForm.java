package org.bindsql.table;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractTable;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ChangeTable} as the target of an INSERT of changes: its columns, all of them nullable
 * because a row to delete has none, then columns that tell what becomes of which row.
 *
 * <p>UPDATE, DELETE and MERGE are validated as such an INSERT. The table's {@link
 * org.apache.calcite.schema.ExtensibleTable#extend} returns the form if it is asked for {@link
 * #CLAUSE}.
 */
public final class ChangeForm extends AbstractTable {
  /** Name of the column with the position of a row's clause in {@link ChangePlan#clauses}. */
  public static final String CLAUSE = "_clause";

  private final ChangeTable table;
  private final List<RelDataTypeField> extension;
  private final @Nullable ChangePlan plan;

  private ChangeForm(
      ChangeTable table, List<RelDataTypeField> extension, @Nullable ChangePlan plan) {
    this.table = table;
    this.extension = List.copyOf(extension);
    this.plan = plan;
  }

  /** The form of a table, with further columns. */
  public static ChangeForm of(ChangeTable table, List<RelDataTypeField> extension) {
    return new ChangeForm(table, extension, null);
  }

  /** Whether columns that a table is to be extended with ask for its change form. */
  public static boolean isAskedFor(List<RelDataTypeField> extension) {
    return extension.stream().anyMatch(field -> field.getName().equals(CLAUSE));
  }

  /** The same form with what is to be done to the rows. */
  public ChangeForm with(ChangePlan newPlan) {
    return new ChangeForm(table, extension, newPlan);
  }

  /** The table to change. */
  public ChangeTable table() {
    return table;
  }

  /** What to do to the rows; null until {@link #with}. */
  public @Nullable ChangePlan plan() {
    return plan;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    RelDataTypeFactory.Builder builder = typeFactory.builder();
    List<RelDataTypeField> columns = ((Table) table).getRowType(typeFactory).getFieldList();
    for (RelDataTypeField column : columns) {
      builder.add(column).nullable(true);
    }
    for (RelDataTypeField field : extension) {
      int column = columnSet(field.getName());
      builder
          .add(field.getName(), column < 0 ? field.getType() : columns.get(column).getType())
          .nullable(true);
    }
    return builder.build();
  }

  /**
   * Name of the form's column for what a clause sets a column to; it has the type of that column.
   */
  public static String setColumn(int clause, int column) {
    return CLAUSE + ":" + clause + ":" + column;
  }

  /** Position of the column that one of the form's columns sets, or -1. */
  private static int columnSet(String name) {
    return name.startsWith(CLAUSE + ":")
        ? Integer.parseInt(name.substring(name.lastIndexOf(':') + 1))
        : -1;
  }
}
