package org.bindsql.parser;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Queries over the arguments of a {@link SearchFunction}. Every part is made anew where it is used,
 * since validation changes the nodes that it meets; parameters are not, since a {@code ?} is known
 * by its node.
 */
final class SearchQuery {
  static final String DISTANCE = "_distance";
  static final String SCORE = "_score";

  /** Bits of words 0-207, which {@code semantic_distance} compares. */
  private static final int SEMANTIC_BITS = 13_312;

  /** Bits of a record. */
  private static final int RECORD_BITS = 16_384;

  private final SearchArguments arguments;
  private final SqlParserPos position;

  private SearchQuery(SearchArguments arguments, SqlParserPos position) {
    this.arguments = arguments;
    this.position = position;
  }

  static SearchQuery of(SearchFunction function, SqlCall call) {
    return new SearchQuery(SearchArguments.of(function, call), call.getParserPosition());
  }

  /** An argument. */
  SqlNode get(String parameter) {
    return arguments.get(parameter);
  }

  /**
   * <pre>
   *   SELECT * FROM (SELECT data.*, hamming_distance(column, query) AS _distance FROM data)
   *   WHERE _distance IS NOT NULL ORDER BY _distance LIMIT k
   * </pre>
   */
  SqlNode nearest(SqlNode query) {
    return firstOf(selectAll(measured(query), isDistance()), DISTANCE);
  }

  /** The same with {@code WHERE _distance <= radius} and without an end. */
  SqlNode within(SqlNode query, SqlNode radius) {
    return selectAll(measured(query), atMost(radius));
  }

  /**
   * The k best of the k nearest that the bloom filter takes for neighbours and the k nearest of the
   * others: within each of the two the order by score is that by distance. So the cascade answers
   * both.
   */
  SqlNode withBonus() {
    SqlNode both =
        SqlStdOperatorTable.UNION_ALL.createCall(position, scoredHalf(true), scoredHalf(false));
    return firstOf(selectAll(both, null), SCORE, DISTANCE);
  }

  private SqlNode scoredHalf(boolean neighbors) {
    SqlNode mayBe =
        SqlStdOperatorTable.IS_TRUE.createCall(
            position, call("bloom_might_contain", List.of(column(), get("source"))));
    SqlNode half = neighbors ? mayBe : SqlStdOperatorTable.NOT.createCall(position, mayBe);
    SqlNode nearest =
        firstOf(selectAll(select(everything(distance(get("query"))), data(), half), isDistance()));
    SqlNode score =
        call(
            "bloom_score",
            List.of(name(DISTANCE), SqlLiteral.createBoolean(neighbors, position), get("bonus")));
    return select(everything(as(score, SCORE)), as(nearest, alias()), null);
  }

  /** The k best by {@code rl_score(_distance, bits, best Q-value or 0, alpha)}. */
  SqlNode byReward() {
    SqlNode bits = number(arguments.isSemantic() ? SEMANTIC_BITS : RECORD_BITS);
    SqlNode value =
        SqlStdOperatorTable.COALESCE.createCall(
            position, call("best_q", List.of(column())), number(0));
    SqlNode score = call("rl_score", List.of(measure(get("query")), bits, value, get("alpha")));
    SqlNode scored = select(everything(distance(get("query")), as(score, SCORE)), data(), null);
    return firstOf(selectAll(scored, isDistance()), SCORE, DISTANCE);
  }

  private SqlNode measured(SqlNode query) {
    return select(everything(distance(query)), data(), null);
  }

  private SqlNode distance(SqlNode query) {
    return as(measure(query), DISTANCE);
  }

  private SqlNode measure(SqlNode query) {
    return call(
        arguments.isSemantic() ? "semantic_distance" : "hamming_distance",
        List.of(column(), query));
  }

  /** Rows without a fingerprint, or all if the query is NULL, have no place in the answer. */
  private SqlNode isDistance() {
    return atMost(number(Integer.MAX_VALUE)); // a radius, unlike IS NOT NULL
  }

  private SqlNode atMost(SqlNode radius) {
    return SqlStdOperatorTable.LESS_THAN_OR_EQUAL.createCall(position, name(DISTANCE), radius);
  }

  private SqlNode data() {
    return as(arguments.data(), alias());
  }

  private SqlNode column() {
    return arguments.column(alias());
  }

  /** What columns of the data are qualified with in messages. */
  private String alias() {
    return arguments.function().sqlName();
  }

  private SqlIdentifier name(String column) {
    return new SqlIdentifier(List.of(alias(), column), position);
  }

  SqlNode call(String function, List<SqlNode> operands) {
    return new SqlUnresolvedFunction(
            new SqlIdentifier(function.toUpperCase(Locale.ROOT), position),
            null,
            null,
            null,
            null,
            SqlFunctionCategory.USER_DEFINED_FUNCTION)
        .createCall(position, operands);
  }

  private SqlNode number(int value) {
    return SqlLiteral.createExactNumeric(Integer.toString(value), position);
  }

  private SqlNode as(SqlNode node, String name) {
    return SqlStdOperatorTable.AS.createCall(position, node, new SqlIdentifier(name, position));
  }

  private SqlNodeList everything(SqlNode... more) {
    List<SqlNode> list = new ArrayList<>();
    list.add(SqlIdentifier.star(List.of(alias(), ""), position, List.of(position, position)));
    list.addAll(Arrays.asList(more));
    return new SqlNodeList(list, position);
  }

  private SqlNode selectAll(SqlNode from, @Nullable SqlNode where) {
    return select(everything(), as(from, alias()), where);
  }

  private SqlNode select(SqlNodeList list, SqlNode from, @Nullable SqlNode where) {
    return new SqlSelect(
        position, null, list, from, where, null, null, null, null, null, null, null, null);
  }

  private SqlNode firstOf(SqlNode select, String... order) {
    String[] keys = order.length == 0 ? new String[] {DISTANCE} : order;
    List<SqlNode> columns = new ArrayList<>();
    for (String key : keys) {
      columns.add(name(key));
    }
    return new SqlOrderBy(
        position, select, new SqlNodeList(columns, position), null, arguments.rowCount());
  }
}
