package org.bindsql.duel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Changes tables in random ways, and tells what their rows are to be before it does. */
final class Writer {
  private static final int MOST_ROWS = 60;

  private final Connection connection;
  private final Random random;

  Writer(Connection connection, Random random) {
    this.connection = connection;
    this.random = random;
  }

  /** Changes a table once. */
  void change(DuelTable t, Codes codes) throws SQLException {
    switch (random.nextInt(t.isBindSpace() ? 5 : 9)) {
      case 0, 1 -> insert(t, codes, 1 + random.nextInt(MOST_ROWS));
      case 2 -> delete(t);
      case 3 -> update(t, codes);
      case 4 -> {
        if (t.state(0).rows().size() * 2 < t.current().rows().size()) {
          delete(t);
        } else {
          insert(t, codes, 1);
        }
      }
      case 5 ->
          run(
              t,
              t.current().rows(),
              "OPTIMIZE " + t.name() + " WITH (materialize_deletions_threshold = 0.01)");
      case 6 -> restore(t);
      default -> transaction(t, codes);
    }
  }

  private List<Row> insertion(DuelTable t, Codes codes, int count) {
    List<Row> added = new ArrayList<>();
    int id = t.current().rows().stream().mapToInt(Row::id).max().orElse(t.firstId()) + 1;
    for (int i = 0; i < count; i++) {
      added.add(codes.row(id, !t.isBindSpace(), random));
      id += 1 + random.nextInt(2);
    }
    return added;
  }

  private static List<Row> with(List<Row> rows, List<Row> added) {
    List<Row> all = new ArrayList<>(rows);
    all.addAll(added);
    return all;
  }

  void insert(DuelTable t, Codes codes, int count) throws SQLException {
    List<Row> added = insertion(t, codes, count);
    run(t, with(t.current().rows(), added), insertSql(t, count), values(added));
  }

  private static String insertSql(DuelTable t, int count) {
    return "INSERT INTO %s (%s, %s, %s, %s) VALUES (?, ?, ?, ?)%s"
        .formatted(
            t.name(), t.id(), t.code(), t.bucket(), t.tag(), ", (?, ?, ?, ?)".repeat(count - 1));
  }

  private static @Nullable Object[] values(List<Row> rows) {
    return rows.stream()
        .flatMap(row -> {
          @Nullable Object[] values = {row.id(), row.code(), row.bucket(), row.tag()};
          return java.util.Arrays.stream(values);
        })
        .toArray();
  }

  private Filter some(DuelTable t) {
    int n = random.nextInt(17);
    return random.nextBoolean()
        ? new Filter("MOD(" + t.bucket() + ", 17) = " + n, row -> row.bucket() % 17 == n)
        : new Filter("MOD(" + t.id() + ", 17) = " + n, row -> row.id() % 17 == n);
  }

  private static List<Row> without(List<Row> rows, Predicate<Row> test) {
    return rows.stream().filter(test.negate()).toList();
  }

  void delete(DuelTable t) throws SQLException {
    Filter some = some(t);
    run(
        t,
        without(t.current().rows(), some.test()),
        "DELETE FROM " + t.name() + " WHERE " + some.sql());
  }

  /**
   * Rows that are changed go to the end, in their order; those of BindSpace stay where they are.
   */
  void update(DuelTable t, Codes codes) throws SQLException {
    Filter some = some(t);
    byte[] code = codes.next(random);
    int bucket = random.nextInt(100);
    List<Row> rows = t.current().rows();
    List<Row> changed =
        rows.stream()
            .filter(some.test())
            .map(row -> new Row(row.id(), code, bucket, row.tag()))
            .toList();
    List<Row> all = with(without(rows, some.test()), changed);
    if (t.isBindSpace()) {
      all.sort(Comparator.comparingInt(Row::id));
    }
    run(
        t,
        all,
        "UPDATE %s SET %s = ?, %s = ? WHERE %s"
            .formatted(t.name(), t.code(), t.bucket(), some.sql()),
        code,
        bucket);
  }

  private void restore(DuelTable t) throws SQLException {
    List<DuelTable.State> versions = t.versions();
    DuelTable.State state = versions.get(random.nextInt(versions.size()));
    run(t, state.rows(), "RESTORE TABLE " + t.name() + " TO VERSION " + state.version());
  }

  private void transaction(DuelTable t, Codes codes) throws SQLException {
    List<Row> added = insertion(t, codes, 1 + random.nextInt(5));
    Filter some = some(t);
    t.announce(without(with(t.current().rows(), added), some.test()));
    connection.setAutoCommit(false);
    try {
      execute(insertSql(t, added.size()), values(added));
      execute("DELETE FROM " + t.name() + " WHERE " + some.sql());
      connection.commit();
      t.commit(newest(t));
    } catch (SQLException e) {
      connection.rollback();
      lost(t, e);
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private void run(DuelTable t, List<Row> rows, String sql, @Nullable Object... values)
      throws SQLException {
    t.announce(rows);
    try {
      execute(sql, values);
      t.commit(newest(t));
    } catch (SQLException e) {
      lost(t, e);
    }
  }

  /** Background maintenance may win a race; nothing else may fail. */
  private static void lost(DuelTable t, SQLException e) throws SQLException {
    t.withdraw();
    if (!"40001".equals(e.getSQLState())) {
      throw e;
    }
  }

  private void execute(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    } catch (SQLException e) {
      throw new SQLException(e.getMessage() + " in " + sql, e.getSQLState(), e);
    }
  }

  /** The newest version of a Lance table, 0 of BindSpace. */
  long newest(DuelTable t) throws SQLException {
    if (t.isBindSpace()) {
      return 0;
    }
    try (Statement statement = connection.createStatement();
        ResultSet versions = statement.executeQuery("SHOW VERSIONS ON " + t.name())) {
      long newest = 0;
      while (versions.next()) {
        newest = Math.max(newest, versions.getLong("version"));
      }
      return newest;
    }
  }
}
