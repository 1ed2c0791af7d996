package org.bindsql.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandMetadata;
import org.apache.calcite.sql.type.SqlOperandTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Operands of a function: how many, of which kinds, and the types of those that are a bare {@code
 * ?}.
 *
 * <p>Calcite asks a function's type inference only for calls in a SELECT list and a few other
 * places; elsewhere (ORDER BY, an aggregate's argument) a parameter would stay untyped. So the
 * check of a call types its parameters itself.
 *
 * @param list the operands; the last one repeats if {@code variadic}
 * @param required number of operands that may not be left out
 * @param variadic whether the last operand may be repeated
 * @param literalCheck check of a last operand that is a character literal, or null
 */
record Operands(
    List<Operand> list, int required, boolean variadic, @Nullable LiteralCheck literalCheck)
    implements SqlOperandMetadata, SqlOperandTypeInference {

  /** Check of a literal when a statement is prepared; fails as the function itself would. */
  @FunctionalInterface
  interface LiteralCheck {
    void check(String literal);
  }

  /** Name and kind of one operand. */
  record Operand(String name, OperandKind kind) {}

  /** Operands given as "name", kind, "name", kind, ...; all are required. */
  static Operands of(Object... namesAndKinds) {
    List<Operand> list = new ArrayList<>();
    for (int i = 0; i < namesAndKinds.length; i += 2) {
      list.add(new Operand((String) namesAndKinds[i], (OperandKind) namesAndKinds[i + 1]));
    }
    return new Operands(List.copyOf(list), list.size(), false, null);
  }

  Operands repeated() {
    return new Operands(list, required, true, literalCheck);
  }

  Operands optionalFrom(int first) {
    return new Operands(list, first, false, literalCheck);
  }

  Operands checkingLiteral(LiteralCheck check) {
    return new Operands(list, required, variadic, check);
  }

  private OperandKind kind(int i) {
    return list.get(Math.min(i, list.size() - 1)).kind();
  }

  @Override
  public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
    typeParameters(binding);
    for (int i = 0; i < binding.getOperandCount(); i++) {
      if (!kind(i).accepts(binding.getOperandType(i))) {
        if (throwOnFailure) {
          throw binding.newValidationSignatureError();
        }
        return false;
      }
    }
    if (literalCheck != null
        && binding.operand(list.size() - 1) instanceof SqlCharStringLiteral literal) {
      literalCheck.check(literal.getValueAs(String.class));
    }
    return true;
  }

  /** Gives every parameter among the operands its type. */
  private void typeParameters(SqlCallBinding binding) {
    List<SqlNode> operands = binding.operands();
    for (int i = 0; i < operands.size(); i++) {
      if (operands.get(i) instanceof SqlDynamicParam parameter
          && !isTyped(binding.getOperandType(i))) {
        binding.getValidator().setValidatedNodeType(parameter, inferred(binding, i));
      }
    }
  }

  @Override
  public void inferOperandTypes(
      SqlCallBinding binding, RelDataType returnType, RelDataType[] operandTypes) {
    for (int i = 0; i < operandTypes.length; i++) {
      operandTypes[i] = inferred(binding, i);
    }
  }

  /** The type of a parameter in place {@code i}: for a code, that of another code in the call. */
  private RelDataType inferred(SqlCallBinding binding, int i) {
    if (kind(i) == OperandKind.CODE) {
      for (int j = 0; j < binding.getOperandCount(); j++) {
        if (j != i && kind(j).isCode()) {
          RelDataType other = binding.getOperandType(j);
          if (SqlTypeUtil.isBinary(other)) {
            return binding.getTypeFactory().createTypeWithNullability(other, true);
          }
        }
      }
    }
    return kind(i).defaultType(binding.getTypeFactory());
  }

  private static boolean isTyped(RelDataType type) {
    return type.getSqlTypeName() != SqlTypeName.UNKNOWN
        && type.getSqlTypeName() != SqlTypeName.NULL;
  }

  @Override
  public SqlOperandCountRange getOperandCountRange() {
    return variadic
        ? SqlOperandCountRanges.from(required)
        : SqlOperandCountRanges.between(required, list.size());
  }

  @Override
  public String getAllowedSignatures(SqlOperator operator, String operatorName) {
    List<String> signatures = new ArrayList<>();
    for (int n = required; n <= list.size(); n++) {
      String arguments =
          list.stream()
              .limit(n)
              .map(operand -> "<" + operand.kind().signature + ">")
              .collect(Collectors.joining(", "));
      signatures.add(operatorName + "(" + arguments + (variadic ? ", ...)" : ")"));
    }
    return String.join("\n", signatures);
  }

  @Override
  public boolean isFixedParameters() {
    return false; // else Calcite would cast arguments, as text to binary, rather than refuse them
  }

  @Override
  public List<RelDataType> paramTypes(RelDataTypeFactory typeFactory) {
    return list.stream().map(operand -> operand.kind().defaultType(typeFactory)).toList();
  }

  @Override
  public List<String> paramNames() {
    return list.stream().map(Operand::name).toList();
  }
}
