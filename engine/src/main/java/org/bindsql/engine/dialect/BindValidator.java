package org.bindsql.engine.dialect;

import java.util.TreeMap;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.prepare.CalciteSqlValidator;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's validator, for statements whose parameters do not stand in the order of the text, or
 * several times, because the statement was rewritten.
 */
public final class BindValidator extends CalciteSqlValidator {
  /** Creates a validator that knows our operators only. */
  public BindValidator(
      CalciteCatalogReader reader, JavaTypeFactory typeFactory, Config configuration) {
    // Schemas have no functions: Calcite would look for each operator in all of them.
    super(Operators.TABLE, reader, typeFactory, configuration);
  }

  @Override
  public RelDataType getParameterRowType(SqlNode statement) {
    TreeMap<Integer, RelDataType> types = new TreeMap<>();
    statement.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlDynamicParam parameter) {
            types.computeIfAbsent(parameter.getIndex(), i -> getValidatedNodeType(parameter));
            return null;
          }
        });
    RelDataTypeFactory.Builder row = getTypeFactory().builder();
    types.forEach((index, type) -> row.add("?" + index, type));
    return row.build();
  }
}
