package org.bindsql.functions;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;

/**
 * How generated row code calls a function: through its constant in {@link Functions}.
 *
 * @param name SQL name, which is the constant's name
 */
record RowForm(String name, Operands operands) implements ImplementableFunction {
  @Override
  public CallImplementor getImplementor() {
    return RexImpTable.createImplementor(
        (translator, call, arguments) ->
            Expressions.call(
                Expressions.field(null, Functions.class, name),
                "evaluate",
                Expressions.newArrayInit(Object.class, arguments)),
        NullPolicy.STRICT,
        false);
  }

  @Override
  public List<FunctionParameter> getParameters() {
    return IntStream.range(0, operands.list().size())
        .<FunctionParameter>mapToObj(i -> new Parameter(i, operands.list().get(i), optional(i)))
        .toList();
  }

  private boolean optional(int i) {
    return i >= operands.required();
  }

  private record Parameter(int ordinal, Operands.Operand operand, boolean optional)
      implements FunctionParameter {
    @Override
    public int getOrdinal() {
      return ordinal;
    }

    @Override
    public String getName() {
      return operand.name();
    }

    @Override
    public RelDataType getType(RelDataTypeFactory typeFactory) {
      return operand.kind().defaultType(typeFactory);
    }

    @Override
    public boolean isOptional() {
      return optional;
    }
  }
}
