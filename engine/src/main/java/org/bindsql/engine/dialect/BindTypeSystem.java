package org.bindsql.engine.dialect;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Type rules of BindSQL: decimals of up to 38 digits, and no type that silently loses what an
 * aggregate or a set operation produces.
 *
 * <p>SUM of BIGINT is DECIMAL(38, 0) and of smaller integers BIGINT, AVG of integers is DOUBLE, and
 * a UNION of CHAR types of different lengths is VARCHAR, so that no row is padded with blanks.
 */
public final class BindTypeSystem extends RelDataTypeSystemImpl {
  private static final int MAX_DIGITS = 38;
  private static final int MAX_LENGTH = Integer.MAX_VALUE;

  @Override
  public int getMaxPrecision(SqlTypeName typeName) {
    return switch (typeName) {
      case DECIMAL -> MAX_DIGITS;
      case CHAR, VARCHAR, BINARY, VARBINARY -> MAX_LENGTH;
      default -> super.getMaxPrecision(typeName);
    };
  }

  @Override
  public int getMaxScale(SqlTypeName typeName) {
    return typeName == SqlTypeName.DECIMAL ? MAX_DIGITS : super.getMaxScale(typeName);
  }

  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }

  @Override
  public RelDataType deriveSumType(RelDataTypeFactory typeFactory, RelDataType argumentType) {
    return switch (argumentType.getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER -> like(typeFactory, argumentType, SqlTypeName.BIGINT);
      case BIGINT -> decimal(typeFactory, argumentType, 0);
      case DECIMAL -> decimal(typeFactory, argumentType, argumentType.getScale());
      case REAL -> like(typeFactory, argumentType, SqlTypeName.DOUBLE);
      default -> argumentType;
    };
  }

  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory typeFactory, RelDataType argumentType) {
    return switch (argumentType.getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, REAL, FLOAT ->
          like(typeFactory, argumentType, SqlTypeName.DOUBLE);
      case DECIMAL -> decimal(typeFactory, argumentType, Math.max(argumentType.getScale(), 6));
      default -> argumentType;
    };
  }

  private static RelDataType like(
      RelDataTypeFactory typeFactory, RelDataType argument, SqlTypeName name) {
    return typeFactory.createTypeWithNullability(
        typeFactory.createSqlType(name), argument.isNullable());
  }

  private static RelDataType decimal(
      RelDataTypeFactory typeFactory, RelDataType argument, int scale) {
    return typeFactory.createTypeWithNullability(
        typeFactory.createSqlType(SqlTypeName.DECIMAL, MAX_DIGITS, scale), argument.isNullable());
  }
}
