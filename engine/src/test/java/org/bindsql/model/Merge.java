package org.bindsql.model;

import static org.bindsql.model.Changes.empty;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bindsql.model.Changes.Assignment;
import org.bindsql.model.Relation.Column;
import org.bindsql.model.Relation.Row;

/**
 * MERGE of constants into a table, by equality of a column.
 *
 * @param columns the source's columns; the first is compared with the same column of the table
 */
record Merge(
    String table,
    List<String> columns,
    List<List<Object>> rows,
    List<Matched> matched,
    List<Missing> missing,
    List<Matched> bySource)
    implements Step {

  /**
   * WHEN MATCHED, or WHEN NOT MATCHED BY SOURCE.
   *
   * @param sets new values, or null to delete the row
   */
  record Matched(Condition and, List<Assignment> sets) {
    String sql() {
      return " AND "
          + and.sql("t.")
          + " THEN "
          + (sets == null ? "DELETE" : "UPDATE SET " + Changes.sql(sets, "t.", "src."));
    }

    List<Object> apply(Relation r, List<Object> row, Relation from, List<Object> source) {
      return sets == null ? null : Changes.set(r, row, sets, from, source);
    }
  }

  /** WHEN NOT MATCHED THEN INSERT of all columns of the source, if a condition on it holds. */
  record Missing(Condition and) {}

  @Override
  public String sql() {
    String list = String.join(", ", columns);
    StringBuilder sql =
        new StringBuilder("MERGE INTO " + table + " AS t USING (")
            .append(Changes.values(columns, rows))
            .append(") AS src (" + list + ") ON t." + columns.get(0) + " = src." + columns.get(0));
    matched.forEach(m -> sql.append(" WHEN MATCHED").append(m.sql()));
    for (Missing m : missing) {
      sql.append(" WHEN NOT MATCHED AND " + m.and.sql("src.") + " THEN INSERT (" + list + ")");
      sql.append(
          columns.stream()
              .map(c -> "src." + c)
              .collect(Collectors.joining(", ", " VALUES (", ")")));
    }
    bySource.forEach(m -> sql.append(" WHEN NOT MATCHED BY SOURCE").append(m.sql()));
    return sql.toString();
  }

  @Override
  public Effect apply(Model model, int connection) {
    Relation from =
        new Relation(
            columns.stream().map(c -> new Column(c, false)).toList(), null, model.rows(rows));
    long[] count = {0};
    model.change(
        connection,
        table,
        r -> {
          look(r, from);
          Map<Integer, List<List<Object>>> partners = new HashMap<>();
          List<Row> inserted = new ArrayList<>();
          int key = r.column(columns.get(0));
          for (List<Object> source : rows) {
            boolean found = false;
            for (int i = 0; i < r.rows().size(); i++) {
              if (source.get(0) != null
                  && source.get(0).equals(r.rows().get(i).values().get(key))) {
                partners.computeIfAbsent(i, x -> new ArrayList<>()).add(source);
                found = true;
              }
            }
            if (!found && missing.stream().anyMatch(m -> m.and.test(from, source))) {
              inserted.add(new Row(model.newId(), r.complete(columns, source)));
            }
          }
          List<Row> all = new ArrayList<>();
          count[0] = inserted.size();
          for (int i = 0; i < r.rows().size(); i++) {
            Row next = next(model, r, r.rows().get(i), from, partners.get(i));
            if (next != r.rows().get(i)) {
              count[0]++;
            }
            if (next != null) {
              all.add(next);
            }
          }
          all.addAll(inserted);
          return r.with(all);
        });
    return Effect.changed(count[0]);
  }

  /** What becomes of a row: itself if nothing acts on it, null if it is deleted. */
  private Row next(Model model, Relation r, Row row, Relation from, List<List<Object>> sources) {
    List<Matched> clauses = sources == null ? bySource : matched;
    Matched acting =
        clauses.stream().filter(m -> m.and.test(r, row.values())).findFirst().orElse(null);
    if (acting == null) {
      return row;
    }
    if (sources != null && sources.size() > 1) {
      throw new Refused("21000");
    }
    List<Object> values =
        acting.apply(r, row.values(), from, sources == null ? null : sources.getFirst());
    return values == null ? null : new Row(row.id(), values);
  }

  /** Looks all columns up. */
  private void look(Relation r, Relation from) {
    r.column(columns.get(0));
    if (!missing.isEmpty()) {
      columns.forEach(r::column);
    }
    for (List<Matched> clauses : List.of(matched, bySource)) {
      for (Matched m : clauses) {
        m.and.test(r, empty(r));
        m.apply(r, empty(r), from, empty(from));
      }
    }
  }
}
