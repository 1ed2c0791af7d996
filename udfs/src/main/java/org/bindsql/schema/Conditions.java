package org.bindsql.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Conditions of one member object of a predicate, gathered key by key. */
final class Conditions {
  private final JsonValue value;
  private final Map<String, JsonValue> keys;
  private final List<Predicate<SchemaSidecar>> terms = new ArrayList<>();

  /** Checks that the value is an object with known keys only. */
  Conditions(JsonValue value, String... known) {
    this.value = value;
    this.keys = value.members(Set.of(known));
  }

  @Nullable JsonValue get(String key) {
    return keys.get(key);
  }

  /** The value of a key or of its synonym, of which at most one may be given. */
  @Nullable JsonValue get(String key, String synonym) {
    JsonValue first = keys.get(key);
    JsonValue second = keys.get(synonym);
    if (first != null && second != null) {
      throw second.unexpected("only one of %s and %s".formatted(key, synonym));
    }
    return first == null ? second : first;
  }

  Conditions add(Predicate<SchemaSidecar> term) {
    terms.add(term);
    return this;
  }

  /** Adds the condition that a key's value makes, if the key is given. */
  Conditions when(String key, Function<JsonValue, Predicate<SchemaSidecar>> make) {
    JsonValue found = keys.get(key);
    return found == null ? this : add(make.apply(found));
  }

  /** Adds field >= value for an integer key. */
  Conditions atLeast(String key, SchemaField field) {
    return when(
        key,
        json -> {
          int min = json.integer(field.min(), field.max());
          return sidecar -> sidecar.get(field) >= min;
        });
  }

  /** Adds field <= value for an integer key. */
  Conditions atMost(String key, SchemaField field) {
    return when(
        key,
        json -> {
          int max = json.integer(field.min(), field.max());
          return sidecar -> sidecar.get(field) <= max;
        });
  }

  /** The conjunction, of at least one condition. */
  Predicate<SchemaSidecar> build() {
    if (terms.isEmpty()) {
      throw value.unexpected("at least one condition");
    }
    return PredicateParser.all(terms);
  }
}
