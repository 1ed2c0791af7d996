package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A table whose numbers of fragments and versions come to mean something else: through branches,
 * replacement, dropping and restoring. What was kept in memory of the one must not show in the
 * other.
 */
class LineageDuelTest {
  private static final int STEPS = 40;

  @TempDir Path folder;

  private final Map<String, TreeMap<Integer, Integer>> model = new TreeMap<>();
  private final List<TreeMap<Integer, Integer>> versions = new ArrayList<>();
  private final List<String> log = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"1,true", "2,true", "3,false"})
  void branchesAndReplacementsShowTheirOwnRows(long seed, boolean stable) throws SQLException {
    Random random = new Random(seed);
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = connection.createStatement()) {
      create(statement, "CREATE TABLE", random, stable);
      for (int i = 0; i < STEPS; i++) {
        step(statement, random, stable);
        for (Map.Entry<String, TreeMap<Integer, Integer>> branch : model.entrySet()) {
          check(statement, random, branch.getKey(), branch.getValue());
        }
        if (!versions.isEmpty()) {
          int version = random.nextInt(versions.size());
          check(statement, random, "t FOR VERSION AS OF " + (version + 1), versions.get(version));
        }
      }
    }
  }

  /** The numbers begin again, and another process may have done it: nobody tells this one. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTableMadeAnewByAnotherShowsItsOwnRows(boolean stable) throws SQLException {
    Random random = new Random(6);
    String copy = folder.resolve("..").resolve(folder.getFileName()).toString();
    try (Connection mine = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Connection other = DriverManager.getConnection("jdbc:bindsql:path=" + copy);
        Statement reading = mine.createStatement();
        Statement writing = other.createStatement()) {
      create(writing, "CREATE TABLE", random, stable);
      for (int i = 0; i < 10; i++) {
        for (int j = random.nextInt(4); j >= 0; j--) {
          change(writing, random, "t");
        }
        check(reading, random, "t", model.get("t"));
        run(writing, "DROP TABLE t");
        versions.clear();
        create(writing, "CREATE TABLE", random, stable);
        check(reading, random, "t", model.get("t"));
      }
    }
  }

  private void step(Statement statement, Random random, boolean stable) throws SQLException {
    boolean forked = model.containsKey("\"t:dev\"");
    switch (random.nextInt(10)) {
      case 0 -> {
        if (forked) {
          run(statement, "DROP BRANCH dev ON t");
          model.remove("\"t:dev\"");
        }
        if (random.nextBoolean()) {
          run(statement, "DROP TABLE t");
          versions.clear();
          create(statement, "CREATE TABLE", random, stable);
        } else {
          create(statement, "CREATE OR REPLACE TABLE", random, stable);
        }
      }
      case 1 -> {
        if (forked) {
          run(statement, "DROP BRANCH dev ON t");
        }
        run(statement, "CREATE BRANCH dev ON t");
        model.put("\"t:dev\"", new TreeMap<>(model.get("t")));
      }
      case 2 -> {
        int version = random.nextInt(versions.size());
        run(statement, "RESTORE TABLE t TO VERSION " + (version + 1));
        model.put("t", new TreeMap<>(versions.get(version)));
        versions.add(versions.get(version));
      }
      case 3 -> {
        run(statement, "CREATE INDEX IF NOT EXISTS t_k ON t (k)");
        sync(statement);
      }
      default -> change(statement, random, forked && random.nextBoolean() ? "\"t:dev\"" : "t");
    }
  }

  private void create(Statement statement, String what, Random random, boolean stable)
      throws SQLException {
    String with = stable ? " WITH (stable_row_ids = true)" : "";
    run(statement, what + " t (k INTEGER, v INTEGER)" + with);
    model.put("t", new TreeMap<>());
    sync(statement);
    insert(statement, random, "t", 1 + random.nextInt(40));
    sync(statement);
    if (random.nextBoolean()) {
      run(statement, "CREATE INDEX t_k ON t (k)");
      sync(statement);
    }
  }

  private void change(Statement statement, Random random, String table) throws SQLException {
    TreeMap<Integer, Integer> rows = model.get(table);
    int from = random.nextInt(60);
    int to = from + random.nextInt(20);
    switch (random.nextInt(3)) {
      case 0 -> insert(statement, random, table, 1 + random.nextInt(20));
      case 1 -> {
        run(statement, "DELETE FROM " + table + " WHERE k BETWEEN " + from + " AND " + to);
        rows.subMap(from, true, to, true).clear();
      }
      default -> {
        run(statement, "UPDATE " + table + " SET v = v + 1 WHERE k BETWEEN " + from + " AND " + to);
        rows.subMap(from, true, to, true).replaceAll((k, v) -> v + 1);
      }
    }
    if (table.equals("t")) {
      sync(statement);
    }
  }

  private void insert(Statement statement, Random random, String table, int count)
      throws SQLException {
    TreeMap<Integer, Integer> added = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int key = random.nextInt(80);
      if (!model.get(table).containsKey(key)) {
        added.put(key, random.nextInt(1000));
      }
    }
    if (!added.isEmpty()) {
      String rows =
          added.entrySet().stream()
              .map(e -> "(" + e.getKey() + ", " + e.getValue() + ")")
              .collect(Collectors.joining(", "));
      run(statement, "INSERT INTO " + table + " VALUES " + rows);
      model.get(table).putAll(added);
    }
  }

  /** Remembers the rows of every version that the last statements made. */
  private void sync(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT MAX(version) FROM system.versions WHERE table_name = 't' AND branch = 'main'")) {
      rows.next();
      while (versions.size() < rows.getInt(1)) {
        versions.add(new TreeMap<>(model.get("t")));
      }
    }
  }

  private void check(
      Statement statement, Random random, String table, TreeMap<Integer, Integer> rows)
      throws SQLException {
    int key = random.nextInt(80);
    assertEquals(
        text(rows), read(statement, "SELECT k, v FROM " + table), () -> table + ": " + log);
    String one = "SELECT k, v FROM " + table + " WHERE k = " + key;
    assertEquals(
        text(rows.subMap(key, true, key, true)),
        read(statement, one),
        () -> one + ": " + String.join("; ", log));
    String range = "SELECT k, v FROM " + table + " WHERE k > " + key;
    assertEquals(
        text(rows.tailMap(key, false)),
        read(statement, range),
        () -> range + ": " + String.join("; ", log));
  }

  private static String text(Map<Integer, Integer> rows) {
    return rows.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(" "));
  }

  private static String read(Statement statement, String sql) throws SQLException {
    TreeMap<Integer, Integer> found = new TreeMap<>();
    int count = 0;
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.put(rows.getInt(1), rows.getInt(2));
        count++;
      }
    }
    assertEquals(found.size(), count, sql);
    return text(found);
  }

  private void run(Statement statement, String sql) throws SQLException {
    log.add(sql);
    statement.execute(sql);
  }
}
