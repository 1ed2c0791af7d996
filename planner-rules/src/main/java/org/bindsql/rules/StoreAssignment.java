package org.bindsql.rules;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeMappingRule;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;
import org.jspecify.annotations.Nullable;

/**
 * Implicit casts as Calcite's, except that a binary value of another length is not padded or cut to
 * fit the column that INSERT or UPDATE stores it in: the table sees it as it is and can refuse it.
 *
 * <p>Use it as {@code SqlValidator.Config.withTypeCoercionFactory(StoreAssignment::new)}.
 */
public final class StoreAssignment extends TypeCoercionImpl {
  private boolean storing;

  /** Creates the casts of one validator. */
  public StoreAssignment(RelDataTypeFactory typeFactory, SqlValidator validator) {
    super(typeFactory, validator);
  }

  @Override
  public boolean querySourceCoercion(
      @Nullable SqlValidatorScope scope,
      RelDataType sourceRowType,
      RelDataType targetRowType,
      SqlNode query) {
    boolean outer = storing;
    storing = true;
    try {
      return super.querySourceCoercion(scope, sourceRowType, targetRowType, query);
    } finally {
      storing = outer;
    }
  }

  @Override
  protected boolean needToCast(
      SqlValidatorScope scope, SqlNode node, RelDataType toType, SqlTypeMappingRule mappingRule) {
    return !(storing
            && SqlTypeUtil.isBinary(toType)
            && SqlTypeUtil.isBinary(validator.deriveType(scope, node)))
        && super.needToCast(scope, node, toType, mappingRule);
  }
}
