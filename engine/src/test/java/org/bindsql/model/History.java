package org.bindsql.model;

import org.bindsql.model.Model.Table;

/** Tags, RESTORE and what is read of old versions. */
final class History {
  private History() {}

  /** A version by number, or by tag if that is not null. */
  static Relation find(Table table, Long version, String tag) {
    Long number = tag == null ? version : table.tags().get(tag);
    Relation relation = number == null ? null : table.versions().get(number);
    if (relation == null) {
      throw new Refused("22023");
    }
    return relation;
  }

  /** CREATE TAG on a version. */
  record CreateTag(String tag, String table, long version) implements Step {
    @Override
    public String sql() {
      return "CREATE TAG " + tag + " ON " + table + " FOR VERSION AS OF " + version;
    }

    @Override
    public Effect apply(Model model, int connection) {
      model.define(
          connection,
          table,
          t -> {
            Table next = model.table(table).copy();
            find(next, version, null);
            if (next.tags().putIfAbsent(tag, version) != null) {
              throw new Refused("42710");
            }
            return next;
          });
      return Effect.changed(0);
    }
  }

  /** DROP TAG. */
  record DropTag(String tag, String table, boolean ifExists) implements Step {
    @Override
    public String sql() {
      return "DROP TAG " + (ifExists ? "IF EXISTS " : "") + tag + " ON " + table;
    }

    @Override
    public Effect apply(Model model, int connection) {
      model.define(
          connection,
          table,
          t -> {
            Table next = model.table(table).copy();
            if (next.tags().remove(tag) == null && !ifExists) {
              throw new Refused("42704");
            }
            return next;
          });
      return Effect.changed(0);
    }
  }

  /** RESTORE TABLE to a version. */
  record Restore(String table, long version) implements Step {
    @Override
    public String sql() {
      return "RESTORE TABLE " + table + " TO VERSION " + version;
    }

    @Override
    public Effect apply(Model model, int connection) {
      model.define(
          connection,
          table,
          t -> {
            Table now = model.table(table);
            return now.with(find(now, version, null));
          });
      return Effect.changed(0);
    }
  }
}
