package org.bindsql.schema;

import java.util.List;

/** Names of the sidecar's enumerations; the position in the list is the number. */
public final class SchemaNames {
  /** ANI levels 0-7. */
  public static final List<String> LEVELS =
      List.of(
          "reactive", "memory", "analogy", "planning", "meta", "social", "creative", "abstract");

  /** Node kinds 0-7. */
  public static final List<String> KINDS =
      List.of("entity", "concept", "event", "rule", "goal", "query", "hypothesis", "observation");

  /** Edge directions 0-3. */
  public static final List<String> DIRECTIONS = List.of("undirected", "forward", "reverse", "both");

  /** Edge flags, bits 0-3. */
  public static final List<String> FLAGS =
      List.of("temporal", "causal", "hierarchical", "associative");

  private SchemaNames() {}
}
