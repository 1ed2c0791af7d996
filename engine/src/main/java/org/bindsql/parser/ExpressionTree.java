package org.bindsql.parser;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserUtil;
import org.apache.calcite.sql.parser.SqlParserUtil.ToTreeListItem;
import org.apache.calcite.util.Static;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tree of the operands and operators of an expression, as the parser reads them.
 *
 * <p>{@link SqlParserUtil#toTree} is the specification. It takes time that grows with the square of
 * the number of operators, and a chain of n equal operators becomes a tree that is n deep. Here a
 * chain of OR or AND, which are associative, becomes a balanced tree, and every chain takes time in
 * proportion to its length. A chain of other operators, as of +, keeps its order: it may overflow
 * or round otherwise in another one.
 */
final class ExpressionTree {
  private static final SqlOperator OR = SqlStdOperatorTable.OR;
  private static final SqlOperator AND = SqlStdOperatorTable.AND;

  /**
   * Parts in a row, which AND and OR divide. Validation and planning take time that grows with the
   * square of their number: some seconds for so many.
   */
  private static final int MAX_PARTS = 20_001;

  private ExpressionTree() {}

  /**
   * The tree of an expression.
   *
   * @param tokens nodes, and operators as {@link ToTreeListItem}; may be changed
   */
  static @Nullable SqlNode of(List<@Nullable Object> tokens) {
    return tokens.size() > 3 && splits(tokens)
        ? balanced(tokens, OR)
        : SqlParserUtil.toTree(checked(tokens));
  }

  /** Checks that tokens are not too many, and that none of the ESCAPEs lacks a LIKE. */
  private static List<@Nullable Object> checked(List<@Nullable Object> tokens) {
    checkLength(tokens.size(), "operators and operands in a row, not counting AND and OR");
    int likes = 0;
    for (Object token : tokens) {
      SqlOperator operator = operator(token);
      if (operator instanceof SqlLikeOperator) {
        likes++;
      } else if (operator == SqlStdOperatorTable.ESCAPE && --likes < 0) {
        throw SqlUtil.newContextException(
            ((ToTreeListItem) token).getPos(),
            Static.RESOURCE.validationError("ESCAPE without LIKE"));
      }
    }
    return tokens;
  }

  /** Fails if an expression has more parts of a kind than can be planned in seconds. */
  static void checkLength(int parts, String kind) {
    if (parts > MAX_PARTS) {
      throw new BindSqlException(
          ErrorCode.TOO_COMPLEX,
          "statement too complex: %d %s; at most %d are supported"
              .formatted(parts, kind, MAX_PARTS));
    }
  }

  /** Whether no operator binds weaker than OR, and no BETWEEN has OR or BETWEEN before its AND. */
  private static boolean splits(List<@Nullable Object> tokens) {
    boolean between = false;
    for (Object token : tokens) {
      SqlOperator operator = operator(token);
      if (operator == null) {
        continue;
      }
      if (isBetween(operator) || operator == OR) {
        if (between) {
          return false;
        }
        between = operator != OR;
      } else if (operator == AND) {
        between = false;
      }
      if (Math.min(operator.getLeftPrec(), operator.getRightPrec()) < OR.getLeftPrec()
          && operator.getKind() != SqlKind.ESCAPE) { // which LIKE takes, whatever binds weaker
        return false;
      }
    }
    return true;
  }

  /** The tree of operands that an associative operator joins, with as few levels as possible. */
  private static SqlNode balanced(List<@Nullable Object> tokens, SqlOperator operator) {
    List<SqlNode> operands = new ArrayList<>();
    List<ToTreeListItem> operators = new ArrayList<>();
    int from = 0;
    boolean between = false;
    for (int i = 0; i < tokens.size(); i++) {
      SqlOperator here = operator(tokens.get(i));
      if (here != null && isBetween(here)) {
        between = true;
      } else if (here == AND && between) {
        between = false;
      } else if (here == operator) {
        operands.add(operand(tokens.subList(from, i), operator));
        operators.add((ToTreeListItem) tokens.get(i));
        from = i + 1;
      }
    }
    operands.add(operand(tokens.subList(from, tokens.size()), operator));
    return balanced(operands, operators, 0, operands.size());
  }

  private static SqlNode operand(List<@Nullable Object> tokens, SqlOperator operator) {
    if (operator == OR) {
      return balanced(tokens, AND);
    }
    return SqlParserUtil.toTree(withoutChains(checked(tokens)));
  }

  private static SqlNode balanced(
      List<SqlNode> operands, List<ToTreeListItem> operators, int from, int to) {
    if (to - from == 1) {
      return operands.get(from);
    }
    int middle = (from + to + 1) >>> 1;
    return call(
        operators.get(middle - 1),
        balanced(operands, operators, from, middle),
        balanced(operands, operators, middle, to));
  }

  /**
   * The tokens with each chain of operators that bind equally, to the left, and stronger than what
   * stands around it replaced by its node.
   */
  private static List<@Nullable Object> withoutChains(List<@Nullable Object> tokens) {
    List<@Nullable Object> reduced = new ArrayList<>();
    int i = 0;
    while (i < tokens.size()) {
      int end = endOfChain(tokens, i);
      if (end > i + 1
          && bindsWeaker(i == 0 ? null : tokens.get(i - 1), tokens.get(i + 1))
          && bindsWeaker(end == tokens.size() ? null : tokens.get(end), tokens.get(i + 1))) {
        SqlNode node = (SqlNode) tokens.get(i);
        for (int j = i + 1; j < end; j += 2) {
          node = call((ToTreeListItem) tokens.get(j), node, (SqlNode) tokens.get(j + 1));
        }
        reduced.add(node);
      } else {
        reduced.addAll(tokens.subList(i, end));
      }
      i = end;
    }
    return reduced;
  }

  /** Where a chain of equally binding operators ends, or the position after a lone token. */
  private static int endOfChain(List<@Nullable Object> tokens, int from) {
    int end = from + 1;
    if (tokens.get(from) instanceof SqlNode) {
      while (end + 1 < tokens.size()
          && operator(tokens.get(end)) instanceof SqlBinaryOperator next
          && next.getLeftPrec() < next.getRightPrec()
          && next.getLeftPrec() == leftPrecedence(tokens.get(from + 1))
          && tokens.get(end + 1) instanceof SqlNode) {
        end += 2;
      }
    }
    return end;
  }

  /** Whether a neighbour leaves a chain its operands; the AND of BETWEEN counts as BETWEEN. */
  private static boolean bindsWeaker(@Nullable Object token, @Nullable Object chain) {
    return token == null
        || operator(token) instanceof SqlBinaryOperator other
            && other != AND
            && Math.max(other.getLeftPrec(), other.getRightPrec()) < leftPrecedence(chain);
  }

  private static int leftPrecedence(@Nullable Object token) {
    SqlOperator operator = operator(token);
    return operator == null ? -1 : operator.getLeftPrec();
  }

  private static SqlNode call(ToTreeListItem item, SqlNode left, SqlNode right) {
    List<SqlNode> operands = List.of(left, right);
    return item.getOperator().createCall(item.getPos().plusAll(operands), operands);
  }

  private static @Nullable SqlOperator operator(@Nullable Object token) {
    return token instanceof ToTreeListItem item ? item.getOperator() : null;
  }

  private static boolean isBetween(SqlOperator operator) {
    return operator.getKind() == SqlKind.BETWEEN;
  }
}
