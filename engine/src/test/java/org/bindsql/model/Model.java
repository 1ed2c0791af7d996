package org.bindsql.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.bindsql.model.Relation.Row;
import org.bindsql.model.Views.View;

/**
 * What a database must hold: tables, their history, and what each connection's transaction sees.
 *
 * <p>Cheap to copy: a statement runs on a copy, which takes the model's place if the engine agrees.
 */
final class Model {

  private final Map<String, Table> tables;
  private final Map<String, View> views;
  private final Map<Integer, Transaction> transactions;
  private final AtomicLong ids;
  private final Set<String> alsoAllowed = new HashSet<>();
  private boolean otherColumns;

  Model() {
    this(new TreeMap<>(), new TreeMap<>(), new HashMap<>(), new AtomicLong());
  }

  private Model(
      Map<String, Table> tables,
      Map<String, View> views,
      Map<Integer, Transaction> transactions,
      AtomicLong ids) {
    this.tables = tables;
    this.views = views;
    this.transactions = transactions;
    this.ids = ids;
  }

  Model copy() {
    Map<Integer, Transaction> open = new HashMap<>();
    transactions.forEach((connection, t) -> open.put(connection, t.copy()));
    return new Model(new TreeMap<>(tables), new TreeMap<>(views), open, ids);
  }

  /** Tables and branches by their names in SQL. */
  Map<String, Table> tables() {
    return tables;
  }

  Map<String, View> views() {
    return views;
  }

  Transaction transaction(int connection) {
    return transactions.get(connection);
  }

  /** Whether a name is that of a view, or that of one whose source is such a name. */
  boolean uses(String name, String view) {
    for (String used = name; used != null; ) {
      if (used.equals(view)) {
        return true;
      }
      View next = views.get(used);
      used = next == null ? null : next.source();
    }
    return false;
  }

  long newId() {
    return ids.incrementAndGet();
  }

  List<Row> rows(List<List<Object>> values) {
    return values.stream().map(v -> new Row(newId(), v)).collect(Collectors.toList());
  }

  /** The table or branch; Refused if there is none, or if it is a view. */
  Table table(String name) {
    Table table = tables.get(name);
    if (table != null) {
      return table;
    }
    if (views.containsKey(name)) {
      throw new Refused("42501");
    }
    throw new Refused(tables.containsKey(Table.root(name)) ? "22023" : "42P01");
  }

  /** Says that the statement may succeed or fail with this SQLState. */
  void mayFail(String state) {
    alsoAllowed.add(state);
  }

  Set<String> alsoAllowed() {
    return alsoAllowed;
  }

  /** Whether the statement meets a table that has other columns than its transaction knows. */
  boolean otherColumns() {
    return otherColumns;
  }

  /** What a connection sees of a table. */
  Relation read(int connection, String name) {
    View view = views.get(name);
    if (view != null) {
      try {
        return view.of(read(connection, view.source()));
      } catch (Refused broken) {
        throw broken.or("42703"); // that of the statement itself, which is looked at first
      }
    }
    Transaction transaction = transactions.get(connection);
    if (transaction == null) {
      return table(name).relation();
    }
    Relation now = transaction.now().get(name);
    if (now == null) {
      Table table = table(name);
      transaction.seen().put(name, table);
      now = table.relation();
      transaction.now().put(name, now);
    }
    checkUnchanged(name, transaction.seen().get(name), now);
    return now;
  }

  /**
   * A statement of a transaction may find a table whose columns others changed meanwhile. It fails,
   * or does not notice because its condition is never true.
   */
  private void checkUnchanged(String name, Table seen, Relation now) {
    Table table = table(name);
    if (seen != null && (seen.life() != table.life() || seen.commits() != table.commits())) {
      mayFail("40001"); // another type of a column is no other column here
      if (!now.columns().equals(table.relation().columns())) {
        mayFail("42703"); // the statement is understood by the columns of today
        mayFail("23502");
        otherColumns = true;
      }
    }
  }

  /** Changes rows of a table, in the connection's transaction if it has one. */
  void change(int connection, String name, UnaryOperator<Relation> change) {
    if (views.containsKey(name)) {
      Refused refused = new Refused("0A000", "42703");
      try {
        read(connection, name);
      } catch (Refused unreadable) {
        unreadable.states().forEach(state -> mayFail(state));
      }
      throw refused;
    }
    Relation before = read(connection, name);
    Transaction transaction = transactions.get(connection);
    if (transaction == null) {
      Relation after = change.apply(before);
      if (acted(before, after)) {
        tables.put(name, table(name).with(after));
      }
      return;
    }
    boolean second = !transaction.changed().isEmpty() && !transaction.changed().contains(name);
    Relation after;
    try {
      after = change.apply(before);
    } catch (Refused refused) {
      throw second ? refused.or("0A000") : refused;
    }
    if (second) {
      throw new Refused("0A000");
    }
    transaction.now().put(name, after);
    if (acted(before, after)) {
      transaction.changed().add(name);
    }
  }

  /** Whether a statement changed any row, be it to the same values. */
  private static boolean acted(Relation before, Relation after) {
    if (before.rows().size() != after.rows().size()) {
      return true;
    }
    for (int i = 0; i < before.rows().size(); i++) {
      if (before.rows().get(i) != after.rows().get(i)) {
        return true;
      }
    }
    return false;
  }

  /** Defines, alters or removes (null) a table or branch; not within a transaction. */
  void define(int connection, String name, Function<Table, Table> change) {
    Table after = alone(connection, model -> change.apply(model.tables.get(name)));
    if (after == null) {
      tables.keySet().removeIf(t -> t.equals(name) || Table.root(t).equals(name));
    } else {
      tables.put(name, after);
    }
  }

  /**
   * What a statement finds that is no part of a transaction. If one is under way it fails: for that
   * reason, or for what it finds.
   */
  <T> T alone(int connection, Function<Model, T> look) {
    if (!inTransaction(connection)) {
      return look.apply(this);
    }
    Model looked = copy(); // the transaction goes on as if nothing was
    Set<String> states = new TreeSet<>(Set.of("25000"));
    try {
      T unused = look.apply(looked);
    } catch (Refused refused) {
      states.addAll(refused.states());
    }
    states.addAll(looked.alsoAllowed);
    throw new Refused(states);
  }

  void outside(int connection) {
    if (inTransaction(connection)) {
      throw new Refused("25000");
    }
  }

  boolean inTransaction(int connection) {
    return transactions.containsKey(connection);
  }

  /** The tables and branches that a connection's transaction looked at. */
  Set<String> seen(int connection) {
    Transaction transaction = transactions.get(connection);
    return transaction == null ? Set.of() : transaction.seen().keySet();
  }

  /** Whether a transaction looked at a table or branch. */
  boolean isSeen(String name) {
    return transactions.values().stream().anyMatch(t -> t.seen().containsKey(name));
  }

  /** Whether any connection has a transaction under way. */
  boolean inTransaction() {
    return !transactions.isEmpty();
  }

  Table newTable(Relation relation, boolean stable) {
    return new Table(relation, newId(), 1, stable, new TreeMap<>(), Map.of(), null);
  }

  /** Another table in the place of one, with its history. */
  Table replaced(Table old, Relation relation) {
    return new Table(
        relation,
        newId(),
        old.commits() + 1,
        old.stable(),
        old.versions(),
        old.tags(),
        old.origin());
  }

  void begin(int connection) {
    outside(connection);
    transactions.put(connection, new Transaction());
  }

  void rollback(int connection) {
    if (transactions.remove(connection) == null) {
      throw new Refused("25000");
    }
  }

  /** Ends all transactions, as a crash or a shutdown does. */
  void rollbackAll() {
    transactions.clear();
  }

  void commit(int connection) {
    Transaction transaction = transactions.remove(connection);
    if (transaction == null) {
      throw new Refused("25000");
    }
    for (String name : transaction.changed()) {
      Table seen = Objects.requireNonNull(transaction.seen().get(name));
      Table table = tables.get(name);
      if (table == null || table.life() != seen.life()) {
        throw new Refused("40001", "42P01");
      }
      Relation mine = Objects.requireNonNull(transaction.now().get(name));
      if (table.commits() == seen.commits()) {
        tables.put(name, table.with(mine));
      } else {
        mayFail("40001");
        tables.put(name, table.with(merge(seen.relation(), mine, table.relation())));
      }
    }
  }

  /** The changes between two states, made to a third; Refused if somebody changed the same rows. */
  private static Relation merge(Relation base, Relation mine, Relation theirs) {
    if (!base.columns().equals(theirs.columns())) {
      throw new Refused("40001");
    }
    Map<Long, List<Object>> before = byId(base);
    Map<Long, List<Object>> mineNow = byId(mine);
    Map<Long, List<Object>> theirsNow = byId(theirs);
    List<Row> rows = new ArrayList<>();
    for (Row row : theirs.rows()) {
      boolean touched =
          before.containsKey(row.id())
              && !row.values().equals(mineNow.get(row.id()))
              && !Objects.equals(before.get(row.id()), mineNow.get(row.id()));
      if (!touched) {
        rows.add(row);
      }
    }
    for (Long id : before.keySet()) {
      boolean iChanged = !Objects.equals(before.get(id), mineNow.get(id));
      boolean theyChanged = !Objects.equals(before.get(id), theirsNow.get(id));
      if (iChanged && theyChanged) {
        throw new Refused("40001");
      }
      if (iChanged && mineNow.containsKey(id)) {
        rows.add(new Row(id, mineNow.get(id)));
      }
    }
    for (Row row : mine.rows()) {
      if (!before.containsKey(row.id())) {
        rows.add(row);
      }
    }
    try {
      return theirs.with(rows);
    } catch (Refused e) {
      throw new Refused("40001", "23505");
    }
  }

  private static Map<Long, List<Object>> byId(Relation relation) {
    Map<Long, List<Object>> rows = new TreeMap<>();
    relation.rows().forEach(row -> rows.put(row.id(), row.values()));
    return rows;
  }
}
