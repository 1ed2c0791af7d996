package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableIntList;
import org.jspecify.annotations.Nullable;

/**
 * What a join by distance does beside the search for each row of its input.
 *
 * @param type INNER, or LEFT to keep rows of the input for which nothing is found
 * @param inputColumns positions of the input's fields to return, without repetition
 * @param fetch LIMIT for each row of the input, a literal or a parameter; null for none
 * @param rank bound on the number of rows for each row of the input, as a predicate on ROW_NUMBER
 *     states it; null for none; not together with {@code fetch}
 * @param nullsFirst whether rows with a NULL distance are nearer than all others; only if the
 *     number of rows is bounded
 * @param condition conjuncts that a pair must satisfy beside, over the fields of the join; only if
 *     the number of rows is not bounded
 */
public record CascadeJoinForm(
    JoinRelType type,
    ImmutableIntList inputColumns,
    @Nullable RexNode fetch,
    @Nullable RadiusBound rank,
    boolean nullsFirst,
    List<RexNode> condition) {

  public CascadeJoinForm {
    if (type != JoinRelType.INNER && type != JoinRelType.LEFT) {
      throw new IllegalArgumentException("join type " + type);
    }
    condition = List.copyOf(condition);
  }

  /** Whether only the k nearest are wanted, so that their numbers are a field of the join. */
  public boolean isNearest() {
    return fetch != null || rank != null;
  }

  /** The bound on the number of rows for each row of the input, as EXPLAIN shows it. */
  String k() {
    if (rank == null) {
      return String.valueOf(fetch);
    }
    if (rank.value() instanceof RexLiteral literal
        && RexLiteral.numberValue(literal) instanceof Number number) {
      return Integer.toString(rank.radius(number, Integer.MAX_VALUE));
    }
    return (rank.strict() ? "< " : "<= ") + rank.value();
  }
}
