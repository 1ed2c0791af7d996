package org.bindsql.bindspace;

import java.util.List;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.ColumnStrategy;
import org.apache.calcite.sql2rel.InitializerContext;
import org.apache.calcite.sql2rel.NullInitializerExpressionFactory;
import org.jspecify.annotations.Nullable;

/** What an INSERT puts into the columns that it does not name, and which it may not name. */
final class ColumnDefaults extends NullInitializerExpressionFactory {
  /**
   * A column's part in an INSERT.
   *
   * @param derived whether a statement that gives a value is refused
   * @param value the default of a column that cannot be NULL, or null if a statement must name it
   */
  record Default(boolean derived, @Nullable Object value) {}

  private final List<Default> defaults;

  ColumnDefaults(List<Default> defaults) {
    this.defaults = List.copyOf(defaults);
  }

  @Override
  public ColumnStrategy generationStrategy(RelOptTable table, int column) {
    Default columnDefault = defaults.get(column);
    if (columnDefault.derived()) {
      return ColumnStrategy.STORED;
    }
    return columnDefault.value() == null
        ? super.generationStrategy(table, column)
        : ColumnStrategy.DEFAULT;
  }

  @Override
  public RexNode newColumnDefaultValue(RelOptTable table, int column, InitializerContext context) {
    RelDataType type = table.getRowType().getFieldList().get(column).getType();
    RexBuilder rexBuilder = context.getRexBuilder();
    Object value = defaults.get(column).value();
    if (value == null && !type.isNullable()) {
      // A derived column: the table does not look at what stands there.
      value = placeholder(type);
    }
    return value == null ? rexBuilder.makeNullLiteral(type) : literal(rexBuilder, value, type);
  }

  private static RexNode literal(RexBuilder rexBuilder, Object value, RelDataType type) {
    return value instanceof ByteString bytes
        ? rexBuilder.makeBinaryLiteral(bytes)
        : rexBuilder.makeLiteral(value, type);
  }

  private static Object placeholder(RelDataType type) {
    return switch (type.getSqlTypeName().getFamily()) {
      case NUMERIC -> 0;
      case CHARACTER -> "";
      case BINARY -> new ByteString(new byte[1]);
      case null, default -> false;
    };
  }
}
