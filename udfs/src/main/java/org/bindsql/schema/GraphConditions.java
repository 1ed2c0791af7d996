package org.bindsql.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The predicate members {@code graph}, {@code kind}, {@code edge}, {@code bloom}, {@code dn}. */
final class GraphConditions {
  private GraphConditions() {}

  static Predicate<SchemaSidecar> graph(JsonValue value) {
    Conditions conditions =
        new Conditions(
            value,
            "cluster_id",
            "cluster",
            "min_pagerank",
            "max_hop",
            "min_degree",
            "max_degree",
            "min_in_degree",
            "min_out_degree");
    JsonValue cluster = conditions.get("cluster_id", "cluster");
    if (cluster != null) {
      conditions.add(in(SchemaField.CLUSTER_ID, cluster.oneOrMore(v -> v.integer(0, 65535))));
    }
    return conditions
        .atLeast("min_pagerank", SchemaField.PAGERANK)
        .atMost("max_hop", SchemaField.HOP_TO_ROOT)
        .atLeast("min_degree", SchemaField.DEGREE)
        .atMost("max_degree", SchemaField.DEGREE)
        .atLeast("min_in_degree", SchemaField.IN_DEGREE)
        .atLeast("min_out_degree", SchemaField.OUT_DEGREE)
        .build();
  }

  /** An empty list of kinds or verbs means any, provided that something else is asked for. */
  static Predicate<SchemaSidecar> kind(JsonValue value) {
    Conditions conditions = new Conditions(value, "kinds", "verb_ids", "subtype");
    addList(
        conditions,
        conditions.get("kinds"),
        SchemaField.NODE_KIND,
        v -> v.nameOrIndex(SchemaNames.KINDS));
    addList(conditions, conditions.get("verb_ids"), SchemaField.EDGE_VERB, v -> v.integer(0, 255));
    return conditions
        .when(
            "subtype", json -> in(SchemaField.NODE_SUBTYPE, json.oneOrMore(v -> v.integer(0, 255))))
        .build();
  }

  static Predicate<SchemaSidecar> edge(JsonValue value) {
    Conditions conditions =
        new Conditions(value, "verb_ids", "direction", "min_weight", "flags_all", "flags_any");
    addList(conditions, conditions.get("verb_ids"), SchemaField.EDGE_VERB, v -> v.integer(0, 255));
    return conditions
        .when(
            "direction",
            json -> {
              int direction = json.nameOrIndex(SchemaNames.DIRECTIONS);
              return sidecar -> sidecar.get(SchemaField.EDGE_DIRECTION) == direction;
            })
        .atLeast("min_weight", SchemaField.EDGE_WEIGHT)
        .when(
            "flags_all",
            json -> {
              int mask = flags(json);
              return sidecar -> (sidecar.get(SchemaField.EDGE_FLAGS) & mask) == mask;
            })
        .when(
            "flags_any",
            json -> {
              int mask = flags(json);
              return sidecar -> (sidecar.get(SchemaField.EDGE_FLAGS) & mask) != 0;
            })
        .build();
  }

  static Predicate<SchemaSidecar> bloom(JsonValue value) {
    Conditions conditions = new Conditions(value, "neighbor", "node_id", "mode");
    JsonValue neighbor = conditions.get("neighbor", "node_id");
    if (neighbor == null) {
      throw value.unexpected("a neighbor");
    }
    List<Long> ids = neighbor.oneOrMore(v -> v.longInteger(0, Long.MAX_VALUE));
    JsonValue mode = conditions.get("mode");
    boolean all = mode == null || mode.nameOrIndex(List.of("all", "any")) == 0;
    return sidecar -> {
      for (long id : ids) {
        if (NeighborBloom.mightContain(sidecar, id) != all) {
          return !all;
        }
      }
      return all;
    };
  }

  static Predicate<SchemaSidecar> dn(JsonValue value) {
    JsonValue prefix = new Conditions(value, "prefix").get("prefix");
    if (prefix == null || !prefix.isArray()) {
      throw (prefix == null ? value : prefix).unexpected("a prefix, an array of 1 to 32 bytes");
    }
    List<Integer> bytes = prefix.elements().stream().map(v -> v.integer(0, 255)).toList();
    if (bytes.isEmpty() || bytes.size() > SchemaArray.DN_PATH.length()) {
      throw prefix.unexpected("1 to 32 bytes");
    }
    return sidecar -> {
      if (sidecar.get(SchemaField.DN_DEPTH) < bytes.size()) {
        return false;
      }
      for (int i = 0; i < bytes.size(); i++) {
        if (sidecar.get(SchemaArray.DN_PATH, i) != bytes.get(i)) {
          return false;
        }
      }
      return true;
    };
  }

  private interface Reader {
    int read(JsonValue value);
  }

  private static void addList(
      Conditions conditions, @Nullable JsonValue list, SchemaField field, Reader reader) {
    if (list == null) {
      return;
    }
    List<Integer> allowed = new ArrayList<>();
    for (JsonValue element : list.isArray() ? list.elements() : List.of(list)) {
      allowed.add(reader.read(element));
    }
    if (!allowed.isEmpty()) {
      conditions.add(in(field, allowed));
    }
  }

  private static Predicate<SchemaSidecar> in(SchemaField field, List<Integer> values) {
    return sidecar -> values.contains(sidecar.get(field));
  }

  /** A mask, written as a number or as the names of the flags. */
  private static int flags(JsonValue json) {
    if (!json.isArray()) {
      return json.integer(1, 255);
    }
    return json.oneOrMore(v -> 1 << v.nameOrIndex(SchemaNames.FLAGS)).stream()
        .reduce(0, (a, b) -> a | b);
  }
}
