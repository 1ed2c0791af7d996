package org.bindsql.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Compiles the JSON form of a schema predicate: the combinators; members are elsewhere. */
final class PredicateParser {
  private static final Set<String> KEYS =
      Set.of(
          "all", "any", "not", "ani", "nars", "graph", "rl", "kind", "edge", "bloom", "dn",
          "version");

  private PredicateParser() {}

  static SchemaPredicate parse(JsonValue document) {
    Map<String, JsonValue> members = document.members(KEYS);
    boolean bareVersion = members.size() == 1 && members.containsKey("version");
    return new SchemaPredicate(conjunction(members), !bareVersion);
  }

  private static Predicate<SchemaSidecar> conjunction(Map<String, JsonValue> members) {
    List<Predicate<SchemaSidecar>> terms = new ArrayList<>();
    members.forEach((key, value) -> terms.add(member(key, value)));
    return all(terms);
  }

  private static Predicate<SchemaSidecar> member(String key, JsonValue value) {
    return switch (key) {
      case "all" -> all(operands(value));
      case "any" -> any(operands(value));
      case "not" -> nested(value).negate();
      case "ani" -> MindConditions.ani(value);
      case "nars" -> MindConditions.nars(value);
      case "rl" -> MindConditions.rl(value);
      case "graph" -> GraphConditions.graph(value);
      case "kind" -> GraphConditions.kind(value);
      case "edge" -> GraphConditions.edge(value);
      case "bloom" -> GraphConditions.bloom(value);
      case "dn" -> GraphConditions.dn(value);
      case "version" -> version(value);
      default -> throw new AssertionError(key);
    };
  }

  private static List<Predicate<SchemaSidecar>> operands(JsonValue value) {
    List<JsonValue> elements = value.elements();
    if (elements.isEmpty()) {
      throw value.unexpected("at least one predicate");
    }
    return elements.stream().map(PredicateParser::nested).toList();
  }

  private static Predicate<SchemaSidecar> nested(JsonValue value) {
    Map<String, JsonValue> members = value.members(KEYS);
    if (members.isEmpty()) {
      throw value.unexpected("a predicate with at least one member");
    }
    return conjunction(members);
  }

  private static Predicate<SchemaSidecar> version(JsonValue value) {
    if (!value.node().isObject()) {
      int version = value.integer(0, 255);
      return sidecar -> sidecar.version() == version;
    }
    JsonValue min = value.members(Set.of("min")).get("min");
    if (min == null) {
      throw value.unexpected("a version or {\"min\": version}");
    }
    int least = min.integer(0, 255);
    return sidecar -> sidecar.version() >= least;
  }

  /** The conjunction of all terms, TRUE if there are none. */
  static Predicate<SchemaSidecar> all(List<Predicate<SchemaSidecar>> terms) {
    if (terms.size() == 1) {
      return terms.getFirst();
    }
    List<Predicate<SchemaSidecar>> copy = List.copyOf(terms);
    return sidecar -> {
      for (Predicate<SchemaSidecar> term : copy) {
        if (!term.test(sidecar)) {
          return false;
        }
      }
      return true;
    };
  }

  private static Predicate<SchemaSidecar> any(List<Predicate<SchemaSidecar>> terms) {
    return sidecar -> {
      for (Predicate<SchemaSidecar> term : terms) {
        if (term.test(sidecar)) {
          return true;
        }
      }
      return false;
    };
  }
}
