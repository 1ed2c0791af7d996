package org.bindsql.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bindsql.model.Relation.Row;

/** INSERT, UPDATE, DELETE and ON CONFLICT. */
public final class Changes {
  private Changes() {}

  /** A column of a SET clause and its value. */
  record Assignment(String column, Scalar value) {
    String sql(String target, String source) {
      return column + " = " + value.sql(target, source);
    }
  }

  static String sql(List<Assignment> sets, String target, String source) {
    return sets.stream().map(s -> s.sql(target, source)).collect(Collectors.joining(", "));
  }

  static List<Object> set(
      Relation r, List<Object> row, List<Assignment> sets, Relation from, List<Object> source) {
    List<Object> next = new ArrayList<>(row);
    for (Assignment set : sets) {
      next.set(r.column(set.column), set.value.value(r, row, from, source));
    }
    return next;
  }

  static String values(List<String> columns, List<List<Object>> rows) {
    return rows.stream()
        .map(row -> {
          List<String> cells = new ArrayList<>();
          for (int i = 0; i < columns.size(); i++) {
            cells.add(Kind.of(columns.get(i)).literal(row.get(i)));
          }
          return "(" + String.join(", ", cells) + ")";
        })
        .collect(Collectors.joining(", ", "VALUES ", ""));
  }

  /** INSERT of constants. */
  record Insert(String table, List<String> columns, List<List<Object>> rows) implements Step {
    @Override
    public String sql() {
      return "INSERT INTO "
          + table
          + " ("
          + String.join(", ", columns)
          + ") "
          + values(columns, rows);
    }

    @Override
    public Effect apply(Model model, int connection) {
      model.change(
          connection,
          table,
          r -> {
            List<Row> all = new ArrayList<>(r.rows());
            rows.forEach(row -> all.add(new Row(model.newId(), r.complete(columns, row))));
            return r.with(all);
          });
      return Effect.changed(rows.size());
    }
  }

  /** INSERT of some columns of another table, or of the table itself. */
  record InsertSelect(String table, List<String> columns, String source, Condition where)
      implements Step {
    @Override
    public String sql() {
      String list = String.join(", ", columns);
      return "INSERT INTO "
          + table
          + " ("
          + list
          + ") SELECT "
          + list
          + " FROM "
          + source
          + " WHERE "
          + where.sql("");
    }

    @Override
    public Effect apply(Model model, int connection) {
      try {
        return insert(model, connection);
      } catch (Refused refused) {
        throw model.views().containsKey(table) ? refused.or("0A000") : refused;
      }
    }

    private Effect insert(Model model, int connection) {
      Relation to = model.read(connection, table);
      columns.forEach(to::column);
      boolean lacks =
          to.columns().stream().anyMatch(c -> c.notNull() && !columns.contains(c.name()));
      Relation from;
      try {
        from = model.read(connection, source);
        columns.forEach(from::column);
        where.test(from, empty(from));
      } catch (Refused unreadable) {
        throw lacks ? unreadable.or("23502") : unreadable;
      }
      if (lacks) {
        throw model.inTransaction(connection)
            ? new Refused("23502", "0A000")
            : new Refused("23502"); // even if there is no row to insert
      }
      List<List<Object>> found =
          from.matching(where)
              .map(v -> columns.stream().map(c -> v.get(from.column(c))).toList())
              .collect(Collectors.toList());
      return new Insert(table, columns, found).apply(model, connection);
    }
  }

  /** A row of NULLs, on which a condition's columns are looked up. */
  static List<Object> empty(Relation relation) {
    return relation.complete(List.of(), List.of());
  }

  /** UPDATE. */
  record Update(String table, List<Assignment> sets, Condition where) implements Step {
    @Override
    public String sql() {
      return "UPDATE " + table + " SET " + Changes.sql(sets, "", "") + " WHERE " + where.sql("");
    }

    @Override
    public Effect apply(Model model, int connection) {
      long[] count = {0};
      model.change(
          connection,
          table,
          r -> {
            where.test(r, empty(r));
            set(r, empty(r), sets, null, null);
            List<Row> rows = new ArrayList<>();
            for (Row row : r.rows()) {
              if (where.test(r, row.values())) {
                count[0]++;
                rows.add(new Row(row.id(), set(r, row.values(), sets, null, null)));
              } else {
                rows.add(row);
              }
            }
            return r.with(rows);
          });
      return Effect.changed(count[0]);
    }
  }

  /** DELETE. */
  record Delete(String table, Condition where) implements Step {
    @Override
    public String sql() {
      return "DELETE FROM " + table + " WHERE " + where.sql("");
    }

    @Override
    public Effect apply(Model model, int connection) {
      long[] count = {0};
      model.change(
          connection,
          table,
          r -> {
            where.test(r, empty(r));
            List<Row> rows = r.rows().stream().filter(row -> !where.test(r, row.values())).toList();
            count[0] = r.rows().size() - rows.size();
            return r.with(rows);
          });
      return Effect.changed(count[0]);
    }
  }

  /**
   * INSERT … ON CONFLICT.
   *
   * @param key name of the column that is compared, with an enforced key or without
   * @param sets what becomes of rows that have its value; empty for DO NOTHING
   */
  record Upsert(
      String table,
      List<String> columns,
      List<List<Object>> rows,
      String key,
      List<Assignment> sets)
      implements Step {
    @Override
    public String sql() {
      return new Insert(table, columns, rows).sql()
          + " ON CONFLICT ("
          + key
          + ") DO "
          + (sets.isEmpty()
              ? "NOTHING"
              : "UPDATE SET " + Changes.sql(sets, table + ".", "excluded."));
    }

    @Override
    public Effect apply(Model model, int connection) {
      long[] count = {0};
      model.change(
          connection,
          table,
          r -> {
            set(r, empty(r), sets, r, empty(r));
            int position = r.column(key);
            List<Row> all = new ArrayList<>(r.rows());
            List<Row> added = new ArrayList<>();
            Set<Object> seen = new HashSet<>();
            for (List<Object> values : rows) {
              List<Object> row = r.complete(columns, values);
              Object value = row.get(position);
              boolean first = value == null || seen.add(value);
              if (!first && !sets.isEmpty()) {
                throw new Refused("21000");
              }
              boolean found = false;
              for (int i = 0; value != null && i < r.rows().size(); i++) {
                Row old = r.rows().get(i);
                if (value.equals(old.values().get(position))) {
                  found = true;
                  if (!sets.isEmpty()) {
                    all.set(i, new Row(old.id(), set(r, old.values(), sets, r, row)));
                    count[0]++;
                  }
                }
              }
              if (!found && first) {
                added.add(new Row(model.newId(), row));
                count[0]++;
              }
            }
            all.addAll(added);
            return r.with(all);
          });
      return Effect.changed(count[0]);
    }
  }
}
