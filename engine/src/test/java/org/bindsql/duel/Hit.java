package org.bindsql.duel;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A row and its distance; null for NULL. */
record Hit(Row row, @Nullable Integer distance) {
  /** All rows that pass, the nearest first; those of one distance in the order they came in. */
  static List<Hit> sorted(
      List<Row> rows,
      Predicate<Row> test,
      Measure measure,
      byte @Nullable [] query,
      boolean nullsFirst) {
    return rows.stream()
        .filter(test)
        .map(row -> new Hit(row, measure.distance(row.code(), query)))
        .sorted(Comparator.comparing(Hit::distance, Measure.nearestFirst(nullsFirst)))
        .toList();
  }

  /** {@code id|tag|distance}. */
  String shown(Measure measure, int width) {
    return row.id() + "|" + row.tag() + "|" + measure.shown(distance, width);
  }

  boolean isWithin(int radius) {
    return distance != null && distance <= radius;
  }
}
