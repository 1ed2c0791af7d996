package org.bindsql.engine.catalog;

import org.apache.calcite.rel.type.RelDataType;

/** Types as users read them. */
final class SqlTypes {
  private SqlTypes() {}

  /** The type as SQL writes it, without NOT NULL and character sets: {@code BINARY(2048)}. */
  static String name(RelDataType type) {
    return type.toString()
        .replaceAll(" CHARACTER SET \"[^\"]*\"", "")
        .replaceAll(" COLLATE \"[^\"]*\"", "");
  }

  /** Whether the type is of characters or bytes. */
  static boolean isSized(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case CHAR, VARCHAR, BINARY, VARBINARY -> true;
      default -> false;
    };
  }

  /** Whether the type is of exact numbers. */
  static boolean isExact(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL -> true;
      default -> false;
    };
  }
}
