package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableIntList;

/**
 * What the rels of the cascade have in common: which rows of a table to compare with what.
 *
 * <p>References in expressions are to the columns of the table.
 *
 * @param column position of the fingerprint column
 * @param kind what is computed
 * @param distanceType SQL type of the distance or similarity
 * @param query constant expression: literal, parameter, or functions of those
 * @param function name of the SQL function, for messages
 * @param queryFirst whether the query is the function's first argument, for messages
 * @param radii bounds on the distance, all of which hold
 * @param filter conjuncts that {@link org.bindsql.table.BatchTable#pushDown} accepted
 * @param remainder the other conjuncts
 * @param columns positions of the columns to return, without repetition
 */
public record CascadeSearch(
    int column,
    DistanceKind kind,
    RelDataType distanceType,
    RexNode query,
    String function,
    boolean queryFirst,
    List<RadiusBound> radii,
    List<RexNode> filter,
    List<RexNode> remainder,
    ImmutableIntList columns) {

  public CascadeSearch {
    radii = List.copyOf(radii);
    filter = List.copyOf(filter);
    remainder = List.copyOf(remainder);
  }
}
