package org.bindsql.model;

import java.util.ArrayList;
import java.util.List;
import org.bindsql.model.Definitions.Existing;
import org.bindsql.model.Relation.Column;
import org.bindsql.model.Relation.Row;

/** Views: columns of another table or view, of the rows that pass a condition. */
final class Views {
  private Views() {}

  /** A view. */
  record View(List<String> columns, String source, Condition where) {
    /** What it shows of its source; every column may be NULL. */
    Relation of(Relation from) {
      where.test(from, Changes.empty(from));
      List<Integer> positions = columns.stream().map(from::column).toList();
      List<Row> rows = new ArrayList<>();
      for (Row row : from.rows()) {
        if (where.test(from, row.values())) {
          List<Object> values = new ArrayList<>();
          positions.forEach(i -> values.add(row.values().get(i)));
          rows.add(new Row(row.id(), values));
        }
      }
      return new Relation(columns.stream().map(c -> new Column(c, false)).toList(), null, rows);
    }
  }

  /**
   * CREATE VIEW.
   *
   * @param columns those of the view; empty for all that the source has by now
   */
  record Create(
      String view, Existing existing, List<String> columns, String source, Condition where)
      implements Step {
    @Override
    public String sql() {
      String list = columns.isEmpty() ? "*" : String.join(", ", columns);
      return existing.sql("VIEW")
          + view
          + " AS SELECT "
          + list
          + " FROM "
          + source
          + " WHERE "
          + where.sql("");
    }

    @Override
    public Effect apply(Model model, int connection) {
      View made = model.alone(connection, looked -> make(looked, connection));
      if (made != null) {
        model.views().put(view, made);
      }
      return Effect.changed(0);
    }

    /** The view; null if there is one that stays. */
    private View make(Model model, int connection) {
      boolean circular = model.uses(source, view);
      if (circular) {
        model.mayFail("0A000");
      }
      Relation from = model.read(connection, source);
      View made =
          new View(
              columns.isEmpty() ? from.columns().stream().map(Column::name).toList() : columns,
              source,
              where);
      made.of(from);
      boolean isTable = model.tables().containsKey(view);
      if (!isTable && !model.views().containsKey(view)) {
        return made;
      }
      return switch (existing) {
        case FAIL -> throw new Refused("42P07");
        case KEEP -> null;
        case REPLACE -> {
          if (isTable || circular) {
            throw new Refused(isTable ? "42P07" : "0A000");
          }
          yield made;
        }
      };
    }
  }

  /** DROP VIEW. */
  record Drop(String view, boolean ifExists) implements Step {
    @Override
    public String sql() {
      return "DROP VIEW " + (ifExists ? "IF EXISTS " : "") + view;
    }

    @Override
    public Effect apply(Model model, int connection) {
      model.outside(connection);
      if (model.tables().containsKey(view)) {
        throw new Refused("42501");
      }
      if (model.views().remove(view) == null && !ifExists) {
        throw new Refused("42P01");
      }
      return Effect.changed(0);
    }
  }
}
