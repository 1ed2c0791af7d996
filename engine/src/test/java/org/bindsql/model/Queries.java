package org.bindsql.model;

import static org.bindsql.model.Changes.empty;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Queries, whose answers the model computes row by row. */
final class Queries {
  private Queries() {}

  /** All rows that pass a condition. */
  record Select(String table, Condition where) implements Step {
    @Override
    public String sql() {
      return "SELECT * FROM " + table + " WHERE " + where.sql("");
    }

    @Override
    public Effect apply(Model model, int connection) {
      Relation r = model.read(connection, table);
      where.test(r, empty(r));
      return Effect.rows(r.matching(where).map(Cells::row).toList());
    }
  }

  /** Number of rows that pass a condition. */
  record Count(String table, Condition where) implements Step {
    @Override
    public String sql() {
      return "SELECT COUNT(*) FROM " + table + " WHERE " + where.sql("");
    }

    @Override
    public Effect apply(Model model, int connection) {
      Relation r = model.read(connection, table);
      where.test(r, empty(r));
      return Effect.rows(List.of(Long.toString(r.matching(where).count())));
    }
  }

  /** Count and sum by groups. */
  record Group(String table, String by, String sum, Condition where) implements Step {
    @Override
    public String sql() {
      return "SELECT "
          + by
          + ", COUNT(*), SUM("
          + sum
          + ") FROM "
          + table
          + " WHERE "
          + where.sql("")
          + " GROUP BY "
          + by;
    }

    @Override
    public Effect apply(Model model, int connection) {
      Relation r = model.read(connection, table);
      int key = r.column(by);
      int value = r.column(sum);
      where.test(r, empty(r));
      Map<String, List<Long>> groups = new TreeMap<>();
      r.matching(where)
          .forEach(row ->
              groups
                  .computeIfAbsent(Cells.text(row.get(key)), g -> new ArrayList<>())
                  .add((Long) row.get(value)));
      List<String> rows = new ArrayList<>();
      groups.forEach((group, values) -> {
        List<Long> known = values.stream().filter(Objects::nonNull).toList();
        Object total = known.isEmpty() ? null : known.stream().mapToLong(Long::longValue).sum();
        rows.add(group + "|" + values.size() + "|" + Cells.text(total));
      });
      return Effect.rows(rows);
    }
  }

  /** Distances of the nearest rows that pass a condition; which of equally near ones is open. */
  record Nearest(String table, String code, String query, int k, Condition where) implements Step {
    @Override
    public String sql() {
      String distance = "hamming_distance(" + code + ", X'" + query + "')";
      return "SELECT "
          + distance
          + " FROM "
          + table
          + " WHERE "
          + code
          + " IS NOT NULL AND "
          + where.sql("")
          + " ORDER BY "
          + distance
          + " LIMIT "
          + k;
    }

    @Override
    public Effect apply(Model model, int connection) {
      Relation r = model.read(connection, table);
      int column = r.column(code);
      where.test(r, empty(r));
      long from = Long.parseUnsignedLong(query, 16);
      List<String> rows =
          r.matching(where)
              .map(row -> (String) row.get(column))
              .filter(Objects::nonNull)
              .map(hex -> Long.bitCount(from ^ Long.parseUnsignedLong(hex, 16)))
              .sorted(Comparator.naturalOrder())
              .limit(k)
              .map(d -> Integer.toString(d))
              .collect(Collectors.toList());
      return new Effect(-1, rows, true);
    }
  }

  /** All rows of a version, by number or by tag. */
  record Version(String table, Long version, String tag) implements Step {
    @Override
    public String sql() {
      return "SELECT * FROM "
          + table
          + " FOR VERSION AS OF "
          + (tag == null ? version.toString() : "'" + tag + "'");
    }

    @Override
    public Effect apply(Model model, int connection) {
      if (model.views().containsKey(table)) {
        throw new Refused("42P01"); // a view has no versions
      }
      Relation found = History.find(model, connection, table, version, tag);
      return Effect.rows(found.print());
    }
  }
}
