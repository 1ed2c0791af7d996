package org.bindsql.model;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bindsql.model.Table.Version;
import org.bindsql.model.Trial.Difference;

/** Tags, branches, RESTORE and what is read of old versions. */
final class History {
  private History() {}

  /** A version of a table or branch by number, or if that is null by a tag's or branch's name. */
  static Relation find(Model model, int connection, String table, Long number, String ref) {
    Table found = model.table(table);
    Relation relation =
        number == null ? byRef(model, connection, table, ref) : found.versions().get(number);
    if (relation == null) {
      throw new Refused("22023");
    }
    return relation;
  }

  private static Relation byRef(Model model, int connection, String table, String ref) {
    String root = Table.root(table);
    boolean isBranch = !root.equals(table);
    Version version = model.table(root).tags().get(ref);
    if (version != null) {
      boolean sees = !isBranch || version.table().equals(table);
      return sees ? model.table(version.table()).versions().get(version.number()) : null;
    }
    String branch = Table.branch(root, ref);
    return isBranch || !model.tables().containsKey(branch) ? null : model.read(connection, branch);
  }

  /** Forgets versions that are no longer there, which must not be those that something needs. */
  static void retain(Model model, String name, Table table, Set<Long> versions) {
    Set<Version> needed = new HashSet<>(model.table(Table.root(name)).tags().values());
    model.tables().values().stream()
        .filter(History::readsOrigin)
        .forEach(branch -> needed.add(branch.origin()));
    for (Version version : needed) {
      if (version.table().equals(name) && !versions.contains(version.number())) {
        throw new Difference("version " + version + " is gone, which a tag or branch needs");
      }
    }
    table.versions().keySet().retainAll(versions);
  }

  /**
   * Whether a branch needs files of the version it began with: its first version is still there and
   * has rows, which lie in those files. Otherwise it may or may not.
   */
  private static boolean readsOrigin(Table branch) {
    if (branch.origin() == null) {
      return false;
    }
    Relation first = branch.versions().get(branch.origin().number());
    return first != null && !first.rows().isEmpty();
  }

  private static String sql(Long version) {
    return version == null ? "" : " FOR VERSION AS OF " + version;
  }

  /** The number of a version that is there; null is the newest. */
  private static long number(Table table, Long version) {
    long number = version == null ? table.versions().lastKey() : version;
    if (!table.versions().containsKey(number)) {
      throw new Refused("22023");
    }
    return number;
  }

  private static boolean isTaken(Model model, String root, String ref) {
    return model.table(root).tags().containsKey(ref)
        || model.tables().containsKey(Table.branch(root, ref));
  }

  /** CREATE TAG on a version of a table or branch; null is the newest. */
  record CreateTag(String tag, String table, Long version) implements Step {
    @Override
    public String sql() {
      return "CREATE TAG " + tag + " ON " + table + History.sql(version);
    }

    @Override
    public Effect apply(Model model, int connection) {
      String root = Table.root(table);
      model.define(
          connection,
          root,
          t -> {
            long number = number(model.table(table), version);
            if (isTaken(model, root, tag)) {
              throw new Refused("42710");
            }
            Table next = model.table(root).copy();
            next.tags().put(tag, new Version(table, number));
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

  /** CREATE BRANCH from a version of a table or branch; null is the newest. */
  record CreateBranch(String branch, String table, Long version, boolean ifNotExists)
      implements Step {
    @Override
    public String sql() {
      return "CREATE BRANCH "
          + (ifNotExists ? "IF NOT EXISTS " : "")
          + branch
          + " ON "
          + table
          + History.sql(version);
    }

    @Override
    public Effect apply(Model model, int connection) {
      String root = Table.root(table);
      String name = Table.branch(root, branch);
      model.define(
          connection,
          name,
          old -> {
            Table from = model.table(table);
            long number = number(from, version);
            if (isTaken(model, root, branch)) {
              if (ifNotExists && old != null) {
                return old;
              }
              throw new Refused("42710");
            }
            if (!root.equals(table)) {
              model.mayFail("0A000"); // the branch began with an index
            }
            Relation relation = from.versions().get(number);
            return new Table(
                relation,
                model.newId(),
                1,
                from.stable(),
                new TreeMap<>(Map.of(number, relation)),
                Map.of(),
                new Version(table, number));
          });
      return Effect.changed(0);
    }
  }

  /** DROP BRANCH. */
  record DropBranch(String branch, String table, boolean ifExists) implements Step {
    @Override
    public String sql() {
      return "DROP BRANCH " + (ifExists ? "IF EXISTS " : "") + branch + " ON " + table;
    }

    @Override
    public Effect apply(Model model, int connection) {
      String name = Table.branch(table, branch);
      model.outside(connection);
      model.table(table);
      if (!model.tables().containsKey(name)) {
        if (ifExists) {
          return Effect.changed(0);
        }
        throw new Refused("42704");
      }
      boolean tagged =
          model.table(table).tags().values().stream().anyMatch(v -> v.table().equals(name));
      boolean branched =
          model.tables().values().stream()
              .anyMatch(t -> t.origin() != null && t.origin().table().equals(name));
      if (tagged || branched) {
        throw new Refused("2BP01");
      }
      if (model.isSeen(name)) {
        model.mayFail("55006");
      }
      model.tables().remove(name);
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
            return now.with(find(model, connection, table, version, null));
          });
      return Effect.changed(0);
    }
  }
}
