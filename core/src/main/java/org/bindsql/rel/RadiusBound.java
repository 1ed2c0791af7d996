package org.bindsql.rel;

import org.apache.calcite.rex.RexNode;
import org.bindsql.cascade.Radius;
import org.jspecify.annotations.Nullable;

/**
 * Conjunct that allows only rows near the query: {@code distance <= bound} or {@code similarity >=
 * bound}.
 *
 * @param similarity whether it bounds the similarity, from below, and not the distance, from above
 * @param strict whether the bound itself is not allowed
 * @param value constant numeric expression
 */
public record RadiusBound(boolean similarity, boolean strict, RexNode value) {
  /** Greatest distance allowed by the evaluated bound, {@link Radius#NOTHING} for none. */
  int radius(@Nullable Number bound, int bits) {
    return similarity
        ? Radius.ofSimilarity(bound, strict, bits)
        : Radius.ofDistance(bound, strict, bits);
  }

  @Override
  public String toString() {
    return (similarity ? "similarity >" : "distance <") + (strict ? " " : "= ") + value;
  }
}
