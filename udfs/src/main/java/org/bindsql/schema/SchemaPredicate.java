package org.bindsql.schema;

import java.lang.foreign.MemorySegment;
import java.util.function.Predicate;

/**
 * Compiled predicate on a record's schema sidecar, from its JSON form.
 *
 * <p>An object is the conjunction of its members: {@code ani}, {@code nars}, {@code graph}, {@code
 * rl}, {@code kind}, {@code edge}, {@code bloom}, {@code dn}, {@code version}, and the combinators
 * {@code all}, {@code any}, {@code not}. A record without a readable schema fails every predicate,
 * whatever its combinators, except the bare {@code {"version": ...}}. Instances are immutable and
 * thread-safe.
 */
public final class SchemaPredicate {
  private final Predicate<SchemaSidecar> condition;
  private final boolean needsSchema;

  SchemaPredicate(Predicate<SchemaSidecar> condition, boolean needsSchema) {
    this.condition = condition;
    this.needsSchema = needsSchema;
  }

  /**
   * Compiles a predicate.
   *
   * @throws org.bindsql.error.BindSqlException SYNTAX if the text is not JSON; BAD_ARGUMENT naming
   *     the JSON path, the value and what was expected if it is not a predicate; LIMIT_REACHED if
   *     it is too large
   */
  public static SchemaPredicate compile(String json) {
    return PredicateParser.parse(JsonValue.parse("schema_passes", json));
  }

  /** Whether a sidecar passes. */
  public boolean test(SchemaSidecar sidecar) {
    return (!needsSchema || sidecar.isPresent()) && condition.test(sidecar);
  }

  /** Whether the record of 2,048 bytes that begins at {@code base} passes. */
  public boolean test(MemorySegment segment, long base) {
    return test(SchemaSidecar.at(segment, base));
  }
}
