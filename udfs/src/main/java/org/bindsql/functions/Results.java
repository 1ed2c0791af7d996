package org.bindsql.functions;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Result types: nullable where an operand is, or where the function itself may give NULL. */
final class Results {
  /** Bytes of a whole record. */
  static final int RECORD_BYTES = 2048;

  private Results() {}

  static SqlReturnTypeInference of(SqlTypeName name) {
    return binding -> strict(binding, binding.getTypeFactory().createSqlType(name), false);
  }

  static SqlReturnTypeInference nullable(SqlTypeName name) {
    return binding -> strict(binding, binding.getTypeFactory().createSqlType(name), true);
  }

  static SqlReturnTypeInference binary(int bytes) {
    return binding ->
        strict(binding, binding.getTypeFactory().createSqlType(SqlTypeName.BINARY, bytes), false);
  }

  /** The length of the first operand whose length is known; VARBINARY if none is. */
  static SqlReturnTypeInference sameLength() {
    return binding -> strict(binding, commonBinary(binding), false);
  }

  /** As {@link #sameLength()}, and nullable. */
  static SqlReturnTypeInference nullableSameLength() {
    return binding -> strict(binding, commonBinary(binding), true);
  }

  private static RelDataType commonBinary(SqlOperatorBinding binding) {
    for (RelDataType type : binding.collectOperandTypes()) {
      if (type.getSqlTypeName() == SqlTypeName.BINARY) {
        return type;
      }
    }
    return binding.getTypeFactory().createSqlType(SqlTypeName.VARBINARY);
  }

  private static RelDataType strict(
      SqlOperatorBinding binding, RelDataType type, boolean alwaysNullable) {
    boolean nullable =
        alwaysNullable || SqlTypeUtil.containsNullable(binding.collectOperandTypes());
    return binding.getTypeFactory().createTypeWithNullability(type, nullable);
  }

  /** Lower-case SQL name, as messages show it. */
  static String label(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** A ROW of the given fields. */
  record OfRow(List<String> names, List<SqlTypeName> types, boolean alwaysNullable)
      implements SqlReturnTypeInference {
    @Override
    public RelDataType inferReturnType(SqlOperatorBinding binding) {
      RelDataTypeFactory.Builder builder = binding.getTypeFactory().builder();
      for (int i = 0; i < names.size(); i++) {
        builder.add(names.get(i), types.get(i));
      }
      return strict(binding, builder.build(), alwaysNullable);
    }
  }
}
