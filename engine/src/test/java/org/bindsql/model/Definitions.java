package org.bindsql.model;

import static org.bindsql.model.Changes.empty;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bindsql.model.Relation.Column;

/** CREATE, DROP, TRUNCATE, ALTER, and what changes no row: indexes, OPTIMIZE, VACUUM. */
final class Definitions {
  private Definitions() {}

  /** How CREATE treats a table that exists. */
  enum Existing {
    FAIL,
    KEEP,
    REPLACE;

    String sql(String what) {
      return switch (this) {
        case FAIL -> "CREATE " + what + " ";
        case KEEP -> "CREATE " + what + " IF NOT EXISTS ";
        case REPLACE -> "CREATE OR REPLACE " + what + " ";
      };
    }

    /** Whether CREATE TABLE does nothing, for a view has the name; Refused if it must not. */
    boolean keeps(Model model, String name) {
      boolean isView = model.views().containsKey(name);
      if (isView && this != KEEP) {
        throw new Refused("42P07");
      }
      return isView;
    }

    /** The table after CREATE; one that is replaced keeps its history. */
    Table create(Model model, Table table, Relation relation, boolean stable) {
      if (table == null) {
        return model.newTable(relation, stable);
      }
      return switch (this) {
        case FAIL -> throw new Refused("42P07");
        case KEEP -> table;
        case REPLACE -> model.replaced(table, relation);
      };
    }
  }

  /**
   * CREATE TABLE with columns.
   *
   * @param key an enforced primary key, or null
   * @param stable whether rows keep their ids; a table that is replaced stays as it is in this
   */
  record Create(String table, Existing existing, List<Column> columns, String key, boolean stable)
      implements Step {
    @Override
    public String sql() {
      String list =
          columns.stream()
              .map(c -> c.name() + " " + c.kind().type + (c.notNull() ? " NOT NULL" : ""))
              .collect(Collectors.joining(", "));
      return existing.sql("TABLE")
          + table
          + " ("
          + list
          + (key == null ? "" : ", PRIMARY KEY (" + key + ") ENFORCED")
          + ")"
          + (stable && existing != Existing.REPLACE ? " WITH (stable_row_ids = true)" : "");
    }

    @Override
    public Effect apply(Model model, int connection) {
      if (model.alone(connection, looked -> existing.keeps(looked, table))) {
        return Effect.changed(0);
      }
      boolean keepIds = stable && existing != Existing.REPLACE;
      model.define(
          connection,
          table,
          t -> existing.create(model, t, new Relation(columns, key, List.of()), keepIds));
      return Effect.changed(0);
    }
  }

  /** CREATE TABLE AS a selection of another table. */
  record CreateAs(String table, Existing existing, String source, Condition where) implements Step {
    @Override
    public String sql() {
      return existing.sql("TABLE")
          + table
          + " AS SELECT * FROM "
          + source
          + " WHERE "
          + where.sql("");
    }

    @Override
    public Effect apply(Model model, int connection) {
      Relation from =
          model.alone(
              connection,
              looked -> {
                Relation r = looked.read(connection, source);
                where.test(r, empty(r));
                existing.keeps(looked, table);
                return r;
              });
      if (existing.keeps(model, table)) {
        return Effect.changed(0);
      }
      long[] count = {0};
      model.define(
          connection,
          table,
          t -> {
            List<List<Object>> rows = from.matching(where).toList();
            count[0] = t == null || existing == Existing.REPLACE ? rows.size() : 0;
            return existing.create(
                model, t, new Relation(from.columns(), null, model.rows(rows)), false);
          });
      return Effect.changed(count[0]);
    }
  }

  /** DROP TABLE. */
  record Drop(String table, boolean ifExists) implements Step {
    @Override
    public String sql() {
      return "DROP TABLE " + (ifExists ? "IF EXISTS " : "") + table;
    }

    @Override
    public Effect apply(Model model, int connection) {
      model.define(
          connection,
          table,
          t -> {
            if (model.views().containsKey(table)) {
              throw new Refused("42501");
            }
            if (t == null && !ifExists) {
              throw new Refused("42P01");
            }
            return null;
          });
      return Effect.changed(0);
    }
  }

  /** TRUNCATE TABLE. */
  record Truncate(String table) implements Step {
    @Override
    public String sql() {
      return "TRUNCATE TABLE " + table;
    }

    @Override
    public Effect apply(Model model, int connection) {
      long[] rows = {0};
      model.define(
          connection,
          table,
          t -> {
            Table now = model.table(table);
            rows[0] = now.relation().rows().size();
            return now.with(now.relation().with(List.of()));
          });
      return Effect.changed(rows[0]);
    }
  }

  /** ALTER TABLE … ADD COLUMN: NULL in all rows. */
  record AddColumn(String table, String column) implements Step {
    @Override
    public String sql() {
      return "ALTER TABLE " + table + " ADD COLUMN " + column + " " + Kind.of(column).type;
    }

    @Override
    public Effect apply(Model model, int connection) {
      return alter(
          model,
          connection,
          table,
          r -> {
            if (r.find(column) >= 0) {
              throw new Refused("22023");
            }
            List<Column> columns = new ArrayList<>(r.columns());
            columns.add(new Column(column, false));
            return r.reshape(
                columns,
                row -> {
                  List<Object> values = new ArrayList<>(row);
                  values.add(null);
                  return values;
                });
          });
    }
  }

  /** ALTER TABLE … DROP COLUMN. */
  record DropColumn(String table, String column) implements Step {
    @Override
    public String sql() {
      return "ALTER TABLE " + table + " DROP COLUMN " + column;
    }

    @Override
    public Effect apply(Model model, int connection) {
      return alter(
          model,
          connection,
          table,
          r -> {
            int at = r.column(column);
            if (column.equals(r.key()) || r.columns().size() == 1) {
              throw new Refused("42501");
            }
            List<Column> columns = new ArrayList<>(r.columns());
            columns.remove(at);
            return r.notIndexed(column)
                .reshape(
                    columns,
                    row -> {
                      List<Object> values = new ArrayList<>(row);
                      values.remove(at);
                      return values;
                    });
          });
    }
  }

  /** ALTER TABLE … RENAME COLUMN, to a name of the same kind. */
  record RenameColumn(String table, String column, String name) implements Step {
    @Override
    public String sql() {
      return "ALTER TABLE " + table + " RENAME COLUMN " + column + " TO " + name;
    }

    @Override
    public Effect apply(Model model, int connection) {
      return alter(
          model,
          connection,
          table,
          r -> {
            int at = r.column(column);
            if (r.find(name) >= 0 && !name.equals(column)) {
              throw new Refused("22023");
            }
            List<Column> columns = new ArrayList<>(r.columns());
            columns.set(at, new Column(name, columns.get(at).notNull()));
            String key = column.equals(r.key()) ? name : r.key();
            Map<String, String> indexes = new HashMap<>(r.indexes());
            indexes.replaceAll((index, on) -> on.equals(column) ? name : on);
            return new Relation(columns, key, r.rows(), indexes);
          });
    }
  }

  /** ALTER TABLE … SET DATA TYPE, to one that holds all values of the model. */
  record SetType(String table, String column, String type) implements Step {
    @Override
    public String sql() {
      return "ALTER TABLE " + table + " ALTER COLUMN " + column + " SET DATA TYPE " + type;
    }

    @Override
    public Effect apply(Model model, int connection) {
      return alter(
          model,
          connection,
          table,
          r -> {
            r.column(column);
            if (column.equals(r.key())) {
              throw new Refused("42501");
            }
            return r.notIndexed(column);
          });
    }
  }

  private static Step.Effect alter(
      Model model,
      int connection,
      String table,
      java.util.function.UnaryOperator<Relation> change) {
    model.define(
        connection,
        table,
        t -> {
          Table now = model.table(table);
          return now.with(change.apply(now.relation()));
        });
    return Step.Effect.changed(0);
  }

  /** CREATE INDEX. */
  record CreateIndex(String index, String table, String column, String method) implements Step {
    @Override
    public String sql() {
      return "CREATE INDEX " + index + " ON " + table + " (" + column + ") USING " + method;
    }

    @Override
    public Effect apply(Model model, int connection) {
      long[] rows = {0};
      model.define(
          connection,
          table,
          t -> {
            Table now = model.table(table);
            rows[0] = now.relation().rows().size();
            now.relation().column(column);
            Map<String, String> indexes = new HashMap<>(now.relation().indexes());
            boolean taken = indexes.putIfAbsent(index, column) != null;
            boolean mayMiss = now.stable() && method.equals("ZONEMAP");
            if (mayMiss && now.origin() != null) {
              model.mayFail("0A000"); // ids of a branch that began empty are not stable
            } else if (mayMiss) {
              Refused refused = new Refused("0A000");
              throw taken ? refused.or("42P07") : refused;
            }
            if (taken) {
              throw new Refused("42P07");
            }
            return now.with(now.relation().indexed(indexes));
          });
      return Effect.changed(rows[0]);
    }
  }

  /** DROP INDEX. */
  record DropIndex(String index, String table, boolean ifExists) implements Step {
    @Override
    public String sql() {
      return "DROP INDEX " + (ifExists ? "IF EXISTS " : "") + index + " ON " + table;
    }

    @Override
    public Effect apply(Model model, int connection) {
      model.define(
          connection,
          table,
          t -> {
            Table now = model.table(table);
            Map<String, String> indexes = new HashMap<>(now.relation().indexes());
            if (indexes.remove(index) == null && !ifExists) {
              throw new Refused("42704");
            }
            return now.with(now.relation().indexed(indexes));
          });
      return Effect.changed(0);
    }
  }

  /** OPTIMIZE or VACUUM: no row changes. Which versions VACUUM takes away is asked afterwards. */
  record Maintain(String sql, String table) implements Step {
    @Override
    public Effect apply(Model model, int connection) {
      model.define(
          connection,
          table,
          t -> {
            Table now = model.table(table);
            return now.with(now.relation());
          });
      return new Effect(-2, null, false);
    }
  }
}
