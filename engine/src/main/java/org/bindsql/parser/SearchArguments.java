package org.bindsql.parser;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of a {@link SearchFunction}, by the names of its parameters.
 *
 * @param values those given
 */
record SearchArguments(SearchFunction function, Map<String, SqlNode> values) {

  /** Takes the arguments of a call apart: by place, or by name as in {@code k => 10}. */
  static SearchArguments of(SearchFunction function, SqlCall call) {
    List<String> names = function.parameters();
    Map<String, SqlNode> values = new LinkedHashMap<>();
    for (SqlNode operand : call.getOperandList()) {
      boolean isNamed = operand.getKind() == SqlKind.ARGUMENT_ASSIGNMENT;
      SqlNode value = isNamed ? ((SqlCall) operand).operand(0) : operand;
      String name =
          isNamed
              ? ((SqlIdentifier) ((SqlCall) operand).operand(1)).getSimple()
              : values.size() < names.size() ? names.get(values.size()) : null;
      String known = names.stream().filter(n -> n.equalsIgnoreCase(name)).findFirst().orElse(null);
      if (known == null || values.put(known, value) != null) {
        throw new BindSqlException(ErrorCode.SYNTAX, "expected " + function.signature());
      }
    }
    SearchArguments arguments = new SearchArguments(function, values);
    if (!values.keySet().containsAll(names.subList(0, function.required()))) {
      throw new BindSqlException(ErrorCode.SYNTAX, "expected " + function.signature());
    }
    arguments.checkNames();
    arguments.isSemantic();
    return arguments;
  }

  /** An argument is computed beside the rows that are searched, but must not mean one of them. */
  private void checkNames() {
    values.forEach((parameter, value) -> {
      if (!parameter.equals("data") && !parameter.equals("column")) {
        value.accept(
            new SqlBasicVisitor<@Nullable Void>() {
              @Override
              public @Nullable Void visit(SqlIdentifier name) {
                if (name.isSimple() && !name.isStar()) {
                  throw bad(
                      parameter
                          + " names a column without its table: "
                          + name
                          + "; expected a constant, ? or table.column");
                }
                return null;
              }

              @Override
              public @Nullable Void visit(SqlCall call) {
                return call.isA(SqlKind.QUERY) ? null : super.visit(call);
              }
            });
      }
    });
  }

  private BindSqlException bad(String problem) {
    return new BindSqlException(ErrorCode.BAD_ARGUMENT, function.sqlName() + ": " + problem);
  }

  /** A copy of an argument that is not optional. */
  SqlNode get(String parameter) {
    SqlNode value = values.get(parameter);
    if (value == null) {
      throw new IllegalArgumentException(parameter);
    }
    return value.accept(
        new SqlShuttle() {
          @Override
          public SqlNode visit(SqlCall call) {
            CallCopyingArgHandler handler = new CallCopyingArgHandler(call, true);
            call.getOperator().acceptCall(this, call, false, handler);
            return handler.result();
          }

          @Override
          public SqlNode visit(SqlIdentifier name) {
            return name.clone(name.getParserPosition());
          }
        });
  }

  /** What is searched: {@code TABLE t}, {@code 't'}, or a query. */
  SqlNode data() {
    SqlNode data = get("data");
    if (data instanceof SqlCall table && table.getKind() == SqlKind.EXPLICIT_TABLE) {
      return table.operand(0);
    }
    if (data instanceof SqlCharStringLiteral name) {
      return identifier(name);
    }
    if (data.isA(SqlKind.QUERY)) {
      return data;
    }
    throw bad("data is " + data + "; expected TABLE t, 't' or a query in parentheses");
  }

  private static SqlIdentifier identifier(SqlCharStringLiteral text) {
    String name = text.getValueAs(String.class);
    SqlParserPos position = text.getParserPosition();
    return new SqlIdentifier(Arrays.asList(name.split("\\.", -1)), position);
  }

  /** The column searched, {@code DESCRIPTOR(c)} or {@code 'c'}, of the rows of an alias. */
  SqlIdentifier column(String alias) {
    SqlNode column = get("column");
    SqlNode name =
        column instanceof SqlCall call
                && call.getOperator().getName().equalsIgnoreCase("DESCRIPTOR")
                && call.operandCount() == 1
                && call.operand(0) instanceof SqlIdentifier
            ? call.operand(0)
            : column;
    String simple =
        switch (name) {
          case SqlIdentifier identifier when name != column && identifier.isSimple() ->
              identifier.getSimple();
          case SqlCharStringLiteral literal -> literal.getValueAs(String.class);
          default -> "";
        };
    if (simple.isEmpty()) {
      throw bad("column is " + column + "; expected DESCRIPTOR(c) or 'c'");
    }
    SqlParserPos position = name.getParserPosition();
    return new SqlIdentifier(List.of(alias, simple), null, position, List.of(position, position));
  }

  /** Whether only words 0-207 are compared. */
  boolean isSemantic() {
    if (!values.containsKey("mask")) {
      return false;
    }
    String mask =
        get("mask") instanceof SqlCharStringLiteral literal ? literal.getValueAs(String.class) : "";
    return switch (mask) {
      case "all" -> false;
      case "semantic" -> true;
      default -> throw bad("mask is " + get("mask") + "; expected 'all' or 'semantic'");
    };
  }

  /** The argument {@code k}. */
  SqlNode rowCount() {
    SqlNode k = get("k");
    if (k instanceof SqlDynamicParam
        || (k instanceof SqlNumericLiteral number
            && number.isInteger()
            && number.bigDecimalValue() != null
            && number.bigDecimalValue().signum() >= 0)) {
      return k;
    }
    throw bad("k is " + k + "; expected a whole number of 0 or more, or ?");
  }
}
