package org.bindsql.rel;

import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableIntList;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.FingerprintTable;

/**
 * What the rels of the cascade have in common: which rows of a table to compare with what.
 *
 * <p>References in expressions are to the columns of the table.
 *
 * @param column position of the fingerprint column
 * @param kind what is computed
 * @param distanceType SQL type of the distance or similarity
 * @param query constant expression: literal, parameter, or functions of those; in a join a field of
 *     its input
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
  /** What EXPLAIN ANALYZE calls {@link org.bindsql.table.CodeReader#whereFound}. */
  static final String RESIDENCE = "fingerprints";

  public CascadeSearch {
    radii = List.copyOf(radii);
    filter = List.copyOf(filter);
    remainder = List.copyOf(remainder);
  }

  /** The same search with another query and other columns to return. */
  public CascadeSearch with(RexNode newQuery, ImmutableIntList newColumns) {
    return new CascadeSearch(
        column,
        kind,
        distanceType,
        newQuery,
        function,
        queryFirst,
        radii,
        filter,
        remainder,
        newColumns);
  }

  /** Whether rows have to pass anything beside bounds on the distance. */
  boolean isFiltered() {
    return !filter.isEmpty() || !remainder.isEmpty();
  }

  /** Bytes of a fingerprint of the table. */
  int width(FingerprintTable table) {
    Field field = table.arrowSchema().getFields().get(column);
    if (field.getType() instanceof ArrowType.FixedSizeBinary binary) {
      return binary.getByteWidth();
    }
    throw new IllegalStateException("searched column " + field);
  }

  /**
   * Greatest distance that all bounds allow, {@link CascadeRequest#NO_RADIUS} if there is no bound.
   *
   * @param bits of a fingerprint
   */
  int radius(int bits, ConstantCode constants, ExecutionContext context) {
    int radius = CascadeRequest.NO_RADIUS;
    for (RadiusBound bound : radii) {
      Number value = QueryValues.number(function, bound.value(), constants, context);
      radius = Math.min(radius, bound.radius(value, bits));
    }
    return radius;
  }

  /** The function's complaint about a query that is not as long as the fingerprints. */
  BindSqlException unfit(int queryBytes, int width) {
    return new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        kind == DistanceKind.SEMANTIC
            ? "%s: fingerprint has %d bytes, expected %d".formatted(function, queryBytes, width)
            : "%s: codes differ in length: %d and %d bytes"
                .formatted(
                    function, queryFirst ? queryBytes : width, queryFirst ? width : queryBytes));
  }
}
