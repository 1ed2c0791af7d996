package org.bindsql.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One state of a table. Immutable.
 *
 * @param key name of the column whose values must differ, or null
 * @param indexes columns by the names of their indexes
 */
record Relation(List<Column> columns, String key, List<Row> rows, Map<String, String> indexes) {

  /** A column. */
  record Column(String name, boolean notNull) {
    Kind kind() {
      return Kind.of(name);
    }
  }

  /**
   * A row.
   *
   * @param id tells rows with equal values apart, and a row's new values from another row's
   */
  record Row(long id, List<Object> values) {}

  /** A state without indexes. */
  Relation(List<Column> columns, String key, List<Row> rows) {
    this(columns, key, rows, Map.of());
  }

  Relation {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    indexes = Map.copyOf(indexes);
  }

  /** Position of a column; Refused (42703) if there is none. */
  int column(String name) {
    int i = find(name);
    if (i < 0) {
      throw new Refused("42703");
    }
    return i;
  }

  int find(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name.equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The same columns with other rows, which must fit. */
  Relation with(List<Row> other) {
    Relation next = new Relation(columns, key, other, indexes);
    next.check();
    return next;
  }

  /** The same with other indexes. */
  Relation indexed(Map<String, String> other) {
    return new Relation(columns, key, rows, other);
  }

  /** The same without the indexes on a column. */
  Relation notIndexed(String column) {
    Map<String, String> rest = new HashMap<>(indexes);
    rest.values().removeIf(column::equals);
    return indexed(rest);
  }

  private void check() {
    Set<String> states = new TreeSet<>();
    Set<Object> keys = new HashSet<>();
    for (Row row : rows) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).notNull && row.values.get(i) == null) {
          states.add("23502");
        }
      }
      if (key != null && !keys.add(row.values.get(column(key)))) {
        states.add("23505");
      }
    }
    if (!states.isEmpty()) {
      throw new Refused(states);
    }
  }

  /** Other columns, whose values are made of those of each row. */
  Relation reshape(List<Column> next, Function<List<Object>, List<Object>> values) {
    return new Relation(
        next, key, rows.stream().map(r -> new Row(r.id, values.apply(r.values))).toList(), indexes);
  }

  /** All values of a new row of which some are given. */
  List<Object> complete(List<String> names, List<Object> values) {
    List<Object> all = new ArrayList<>(Collections.nCopies(columns.size(), null));
    for (int i = 0; i < names.size(); i++) {
      all.set(column(names.get(i)), values.get(i));
    }
    return all;
  }

  Stream<List<Object>> matching(Condition where) {
    return rows.stream().map(Row::values).filter(v -> where.test(this, v));
  }

  /** The columns' names, separated by commas. */
  String names() {
    return String.join(", ", columns.stream().map(Column::name).toList());
  }

  /** The rows as text, sorted. */
  List<String> print() {
    return rows.stream().map(r -> Cells.row(r.values)).sorted().toList();
  }
}
