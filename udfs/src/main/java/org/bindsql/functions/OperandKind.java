package org.bindsql.functions;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** What an operand may be, and what a bare {@code ?} in its place is taken for. */
enum OperandKind {
  /** Binary of any length. */
  CODE("BINARY"),
  /** Binary of 2,048 bytes. */
  RECORD("BINARY(2048)"),
  TEXT("VARCHAR"),
  INTEGER("INTEGER"),
  NUMBER("NUMERIC"),
  BOOLEAN("BOOLEAN"),
  /** Binary of any length, or a number of at most 64 bits. */
  CODE_OR_INTEGER("BINARY or BIGINT"),
  NUMBERS("NUMERIC ARRAY");

  final String signature;

  OperandKind(String signature) {
    this.signature = signature;
  }

  boolean accepts(RelDataType type) {
    SqlTypeName name = type.getSqlTypeName();
    if (name == SqlTypeName.NULL || name == SqlTypeName.ANY || name == SqlTypeName.UNKNOWN) {
      return true;
    }
    return switch (this) {
      case CODE, RECORD -> SqlTypeUtil.isBinary(type);
      case TEXT -> SqlTypeUtil.inCharFamily(type);
      case INTEGER -> SqlTypeUtil.isExactNumeric(type);
      case NUMBER -> SqlTypeUtil.isNumeric(type);
      case BOOLEAN -> SqlTypeUtil.inBooleanFamily(type);
      case CODE_OR_INTEGER -> SqlTypeUtil.isBinary(type) || SqlTypeUtil.isExactNumeric(type);
      case NUMBERS -> {
        RelDataType component = type.getComponentType();
        yield component != null
            && (SqlTypeUtil.isNumeric(component) || component.getSqlTypeName() == SqlTypeName.NULL);
      }
    };
  }

  boolean isCode() {
    return this == CODE || this == RECORD || this == CODE_OR_INTEGER;
  }

  RelDataType defaultType(RelDataTypeFactory factory) {
    return factory.createTypeWithNullability(
        switch (this) {
          case CODE, CODE_OR_INTEGER -> factory.createSqlType(SqlTypeName.VARBINARY);
          case RECORD -> factory.createSqlType(SqlTypeName.BINARY, 2048);
          case TEXT -> factory.createSqlType(SqlTypeName.VARCHAR);
          case INTEGER -> factory.createSqlType(SqlTypeName.BIGINT);
          case NUMBER -> factory.createSqlType(SqlTypeName.DOUBLE);
          case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
          case NUMBERS -> factory.createArrayType(factory.createSqlType(SqlTypeName.DOUBLE), -1);
        },
        true);
  }
}
