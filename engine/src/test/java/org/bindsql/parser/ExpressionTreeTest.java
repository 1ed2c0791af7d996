package org.bindsql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.impl.SqlParserImpl;
import org.junit.jupiter.api.Test;

/** Expressions mean what Calcite's own parser takes them for. */
class ExpressionTreeTest {
  private static final int EXPRESSIONS = 30_000;
  private static final List<String> INFIX =
      List.of(
          " OR ",
          " OR ",
          " OR ",
          " AND ",
          " AND ",
          " AND ",
          " = ",
          " < ",
          " <> ",
          " + ",
          " - ",
          " * ",
          " / ",
          " || ",
          " LIKE ",
          " NOT LIKE ",
          " SIMILAR TO ",
          " BETWEEN ",
          " NOT BETWEEN ",
          " IS DISTINCT FROM ",
          " MEMBER OF ",
          ".x = ");
  private static final List<String> PREFIX = List.of("", "", "", "", "", "NOT ", "-", "+");
  private static final List<String> POSTFIX =
      List.of(
          "",
          "",
          "",
          "",
          "",
          "",
          "",
          " IS NULL",
          " IS NOT TRUE",
          " IN (1, 2)",
          " NOT IN (b OR c)",
          "[1]",
          " ESCAPE '!'",
          " BETWEEN 1 AND 2",
          " BETWEEN SYMMETRIC a + 1 AND b",
          " LIKE 'x'");
  private static final List<String> ATOMS =
      List.of("a", "b", "c", "1", "'s'", "TRUE", "(a OR b AND c)", "f(a OR b)", "(a, b)");

  @Test
  void treesAreCalcites() {
    Random random = new Random(20261120);
    int parsed = 0;
    for (int i = 0; i < EXPRESSIONS; i++) {
      String text = expression(random);
      String expected = parse(text, SqlParser.config().withParserFactory(SqlParserImpl.FACTORY));
      String actual = parse(text, SqlParser.config().withParserFactory(BindSqlParser.FACTORY));
      assertEquals(expected, actual, text);
      if (!expected.isEmpty()) {
        parsed++;
      }
    }
    assertTrue(parsed > EXPRESSIONS / 4, parsed + " parsed");
  }

  private static String expression(Random random) {
    int terms = 1 + random.nextInt(9);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < terms; i++) {
      if (i > 0) {
        text.append(pick(INFIX, random));
      }
      text.append(pick(PREFIX, random)).append(pick(ATOMS, random)).append(pick(POSTFIX, random));
    }
    return text.toString();
  }

  private static String pick(List<String> texts, Random random) {
    return texts.get(random.nextInt(texts.size()));
  }

  /** The tree with chains of AND and OR flat; empty if the text does not parse. */
  private static String parse(String text, SqlParser.Config config) {
    try {
      return flat(SqlParser.create(text, config).parseExpression());
    } catch (SqlParseException e) {
      return "";
    }
  }

  private static String flat(SqlNode node) {
    if (!(node instanceof SqlCall call)) {
      return node == null ? "none" : node.toString();
    }
    List<SqlNode> operands = new ArrayList<>();
    operands(call, call.getKind(), operands);
    return operands.stream()
        .map(ExpressionTreeTest::flat)
        .collect(Collectors.joining(", ", call.getOperator() + "(", ")"));
  }

  private static void operands(SqlCall call, SqlKind kind, List<SqlNode> operands) {
    for (SqlNode operand : call.getOperandList()) {
      if ((kind == SqlKind.AND || kind == SqlKind.OR)
          && operand instanceof SqlCall same
          && same.getKind() == kind) {
        operands(same, kind, operands);
      } else {
        operands.add(operand);
      }
    }
  }

  @Test
  void chainsOfAndAndOrAreBalanced() throws SqlParseException {
    assertEquals(18, depth(parsed(chain("a = 1", " OR ", 65_536))));
    assertEquals(12, depth(parsed(chain("a LIKE 'x'", " AND ", 1024))));
  }

  @Test
  void otherChainsKeepTheirOrder() throws SqlParseException {
    assertEquals(1000, depth(parsed(chain("a", " - ", 1000))));
  }

  @Test
  void aChainTooLongIsRefused() {
    for (String operator : List.of(" + ", " * ", " = ")) {
      assertThrows(SqlParseException.class, () -> parsed(chain("a", operator, 100_000)));
    }
    assertThrows(SqlParseException.class, () -> parsed("NOT ".repeat(100_000) + "a"));
  }

  @Test
  void escapeNeedsLike() {
    for (String text :
        List.of("a ESCAPE 'x'", "a LIKE b OR c ESCAPE 'x'", "a LIKE b ESCAPE c ESCAPE d")) {
      SqlParseException e = assertThrows(SqlParseException.class, () -> parsed(text), text);
      assertNotNull(e.getPos(), text);
    }
  }

  private static String chain(String operand, String operator, int operands) {
    return IntStream.range(0, operands)
        .mapToObj(i -> operand)
        .collect(Collectors.joining(operator));
  }

  private static SqlNode parsed(String text) throws SqlParseException {
    return SqlParser.create(text, SqlParser.config().withParserFactory(BindSqlParser.FACTORY))
        .parseExpression();
  }

  private static int depth(SqlNode node) {
    if (!(node instanceof SqlCall call)) {
      return 1;
    }
    int depth = 0;
    for (SqlNode operand : call.getOperandList()) {
      depth = Math.max(depth, depth(operand));
    }
    return depth + 1;
  }
}
