package org.bindsql.rel;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;

/** Random well-typed expressions over the columns of a row type. */
final class RandomRex {
  static final String[] TEXTS = {
    "", "a", "ab", "b", "a%b", "abc", "zz", "\uFFFD", "\uE000x", "\uD83D\uDE00", "é", "%", "A"
  };

  private static final List<SqlOperator> COMPARISONS =
      List.of(
          SqlStdOperatorTable.EQUALS,
          SqlStdOperatorTable.NOT_EQUALS,
          SqlStdOperatorTable.LESS_THAN,
          SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
          SqlStdOperatorTable.GREATER_THAN,
          SqlStdOperatorTable.GREATER_THAN_OR_EQUAL);

  private final Random random;
  private final RexBuilder rex;
  private final RelDataTypeFactory types;
  private final RelDataType rowType;

  RandomRex(Random random, RexBuilder rex, RelDataType rowType) {
    this.random = random;
    this.rex = rex;
    this.types = rex.getTypeFactory();
    this.rowType = rowType;
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** A reference to a column whose type is one of those given. */
  private RexNode column(List<SqlTypeName> wanted) {
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < rowType.getFieldCount(); i++) {
      if (wanted.contains(rowType.getFieldList().get(i).getType().getSqlTypeName())) {
        columns.add(rex.makeInputRef(rowType.getFieldList().get(i).getType(), i));
      }
    }
    return pick(columns);
  }

  RexNode condition(int depth) {
    if (depth <= 0) {
      return random.nextInt(4) == 0 ? column(List.of(SqlTypeName.BOOLEAN)) : comparison(0);
    }
    return switch (random.nextInt(12)) {
      case 0, 1 -> connective(SqlStdOperatorTable.AND, depth);
      case 2, 3 -> connective(SqlStdOperatorTable.OR, depth);
      case 4 -> rex.makeCall(SqlStdOperatorTable.NOT, condition(depth - 1));
      case 5 ->
          rex.makeCall(
              pick(
                  List.of(
                      SqlStdOperatorTable.IS_TRUE,
                      SqlStdOperatorTable.IS_NOT_TRUE,
                      SqlStdOperatorTable.IS_FALSE,
                      SqlStdOperatorTable.IS_NOT_FALSE,
                      SqlStdOperatorTable.IS_NULL,
                      SqlStdOperatorTable.IS_NOT_NULL)),
              condition(depth - 1));
      case 6 -> in();
      case 7 -> like();
      case 8 -> range();
      default -> comparison(depth);
    };
  }

  private RexNode connective(SqlOperator operator, int depth) {
    List<RexNode> operands = new ArrayList<>();
    for (int i = random.nextInt(3) + 2; i > 0; i--) {
      operands.add(condition(depth - 1));
    }
    return rex.makeCall(operator, operands);
  }

  private RexNode comparison(int depth) {
    SqlOperator operator = pick(COMPARISONS);
    return switch (random.nextInt(6)) {
      case 0 -> rex.makeCall(operator, text(), text());
      case 1 -> rex.makeCall(operator, bytes(), bytes());
      case 2 -> rex.makeCall(operator, date(), date());
      case 3 -> rex.makeCall(operator, timestamp(), timestamp());
      case 4 -> rex.makeCall(operator, condition(depth - 1), condition(depth - 1));
      default -> rex.makeCall(operator, number(depth), number(depth));
    };
  }

  private RexNode in() {
    List<RexNode> values = new ArrayList<>();
    boolean texts = random.nextBoolean();
    for (int i = random.nextInt(6) + 2; i > 0; i--) {
      values.add(texts ? textLiteral() : rex.makeExactLiteral(BigDecimal.valueOf(small())));
    }
    RexNode ref =
        column(
            texts
                ? List.of(SqlTypeName.VARCHAR)
                : List.of(
                    SqlTypeName.TINYINT,
                    SqlTypeName.SMALLINT,
                    SqlTypeName.INTEGER,
                    SqlTypeName.BIGINT));
    RexNode in = rex.makeIn(ref, values);
    return random.nextBoolean() ? in : rex.makeCall(SqlStdOperatorTable.NOT, in);
  }

  private RexNode range() {
    RexNode ref = column(List.of(SqlTypeName.INTEGER));
    RelDataType type = types.createSqlType(SqlTypeName.INTEGER);
    int low = small();
    return rex.makeBetween(
        ref,
        rex.makeLiteral(low, type, false),
        rex.makeLiteral(low + random.nextInt(5), type, false));
  }

  private RexNode like() {
    String[] patterns = {"%", "a%", "%b", "_", "a\\%b", "a!%b", "%b%"};
    RexNode pattern = rex.makeLiteral(patterns[random.nextInt(patterns.length)]);
    return random.nextInt(3) == 0
        ? rex.makeCall(SqlStdOperatorTable.LIKE, text(), pattern, rex.makeLiteral("!"))
        : rex.makeCall(SqlStdOperatorTable.LIKE, text(), random.nextInt(4) == 0 ? text() : pattern);
  }

  RexNode number(int depth) {
    if (depth <= 0 || random.nextInt(3) == 0) {
      return random.nextInt(3) == 0 ? numberLiteral() : numberColumn();
    }
    return switch (random.nextInt(7)) {
      case 0 -> rex.makeCall(SqlStdOperatorTable.PLUS, number(depth - 1), number(depth - 1));
      case 1 -> rex.makeCall(SqlStdOperatorTable.MINUS, number(depth - 1), number(depth - 1));
      case 2 -> rex.makeCall(SqlStdOperatorTable.MULTIPLY, number(depth - 1), number(depth - 1));
      case 3 -> rex.makeCall(SqlStdOperatorTable.DIVIDE, number(depth - 1), nonZero());
      case 4 -> {
        RexNode dividend =
            column(List.of(SqlTypeName.INTEGER, SqlTypeName.BIGINT, SqlTypeName.SMALLINT));
        yield rex.makeCall(SqlStdOperatorTable.MOD, dividend, nonZero());
      }
      default -> {
        RexNode operand = numberColumn();
        SqlTypeName target =
            pick(
                List.of(
                    SqlTypeName.SMALLINT,
                    SqlTypeName.INTEGER,
                    SqlTypeName.BIGINT,
                    SqlTypeName.REAL,
                    SqlTypeName.DOUBLE));
        RelDataType type =
            types.createTypeWithNullability(
                types.createSqlType(target), operand.getType().isNullable());
        yield SqlKinds.isWidening(operand.getType(), type)
            ? rex.makeAbstractCast(type, operand, false)
            : operand;
      }
    };
  }

  private RexNode numberColumn() {
    return column(
        List.of(
            SqlTypeName.TINYINT,
            SqlTypeName.SMALLINT,
            SqlTypeName.INTEGER,
            SqlTypeName.INTEGER,
            SqlTypeName.BIGINT,
            SqlTypeName.REAL,
            SqlTypeName.DOUBLE));
  }

  private int small() {
    return random.nextInt(9) - 4;
  }

  private RexNode nonZero() {
    int value = random.nextInt(5) - 5;
    return rex.makeLiteral(value, types.createSqlType(SqlTypeName.INTEGER), false);
  }

  private RexNode numberLiteral() {
    return switch (random.nextInt(5)) {
      case 0 -> rex.makeLiteral(small() * 0.5, types.createSqlType(SqlTypeName.DOUBLE), false);
      case 1 -> rex.makeExactLiteral(new BigDecimal("1.5"));
      case 2 -> rex.makeLiteral(small() * 0.5, types.createSqlType(SqlTypeName.REAL), false);
      case 3 -> rex.makeLiteral(random.nextLong(), types.createSqlType(SqlTypeName.BIGINT), false);
      default -> rex.makeLiteral(small(), types.createSqlType(SqlTypeName.INTEGER), false);
    };
  }

  private RexNode textLiteral() {
    return rex.makeLiteral(
        TEXTS[random.nextInt(TEXTS.length)], types.createSqlType(SqlTypeName.VARCHAR), false);
  }

  private RexNode text() {
    return random.nextBoolean() ? textLiteral() : column(List.of(SqlTypeName.VARCHAR));
  }

  private RexNode bytes() {
    return random.nextInt(3) == 0
        ? rex.makeBinaryLiteral(new ByteString(new byte[] {(byte) small(), 1}))
        : column(List.of(SqlTypeName.BINARY, SqlTypeName.VARBINARY));
  }

  private RexNode date() {
    return random.nextInt(3) == 0
        ? rex.makeDateLiteral(DateString.fromDaysSinceEpoch(small()))
        : column(List.of(SqlTypeName.DATE));
  }

  private RexNode timestamp() {
    return random.nextInt(3) == 0
        ? rex.makeTimestampLiteral(TimestampString.fromMillisSinceEpoch(small()), 3)
        : column(List.of(SqlTypeName.TIMESTAMP));
  }
}
