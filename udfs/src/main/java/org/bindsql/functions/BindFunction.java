package org.bindsql.functions;

import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.bindsql.expr.VectorFunction;
import org.bindsql.rel.VectorOperator;
import org.jspecify.annotations.Nullable;

/**
 * Deterministic SQL function with a row form and, unless it returns a ROW, a batch form.
 *
 * <p>NULL in, NULL out, always. Arguments are checked when the call is evaluated: a value outside
 * the domain is {@link org.bindsql.error.ErrorCode#BAD_ARGUMENT}.
 */
public final class BindFunction extends SqlUserDefinedFunction implements VectorOperator {
  private final String label;
  private final Body body;
  private final @Nullable Supplier<VectorFunction> batch;

  /**
   * Creates a function.
   *
   * @param name SQL name in upper case, also the name of its constant in {@link Functions}
   * @param batch batch form, or null to loop over rows with {@code body}
   */
  BindFunction(
      String name,
      Operands operands,
      SqlReturnTypeInference result,
      Body body,
      @Nullable Supplier<VectorFunction> batch) {
    super(
        new SqlIdentifier(name, SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        result,
        operands,
        operands,
        new RowForm(name, operands));
    this.label = Results.label(name);
    this.body = body;
    this.batch = batch;
  }

  /**
   * Evaluates the function on one row; generated code calls this.
   *
   * @param arguments not NULL, in Enumerable's runtime forms
   * @return null, or the result in Enumerable's runtime form
   */
  public @Nullable Object evaluate(Object[] arguments) {
    Object result = body.apply(new RowArguments(label, arguments));
    return result instanceof byte[] bytes ? new ByteString(bytes) : result;
  }

  @Override
  public @Nullable VectorFunction vectorFunction(List<RelDataType> operandTypes) {
    if (batch != null) {
      return batch.get();
    }
    return returnsRow() || operandTypes.stream().anyMatch(BindFunction::isRowOnly)
        ? null
        : new RowLoop(label, body);
  }

  private boolean returnsRow() {
    return getReturnTypeInference() instanceof Results.OfRow;
  }

  private static boolean isRowOnly(RelDataType type) {
    return type.isStruct() || type.getSqlTypeName() == SqlTypeName.ANY;
  }
}
