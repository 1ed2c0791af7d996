package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stored sketches through SQL: whatever becomes of their files, the answers are right. */
class HdrIndexTest {
  private static final int WIDTH = 512;
  private static final int ROWS = 900;

  /** Less than the fingerprints take, more than their sketches. */
  private static final String COLD = "100KB";

  @TempDir Path folder;
  private final Random random = new Random(20_261_120);
  private final List<LanceFixture.Row> rows = new ArrayList<>();

  @BeforeEach
  void create() throws SQLException {
    for (int i = 0; i < ROWS; i++) {
      byte[] code = new byte[WIDTH];
      random.nextBytes(code);
      rows.add(new LanceFixture.Row(i, i % 13 == 5 ? null : code, i % 10, null));
    }
    LanceFixture.write(folder, "t", WIDTH, rows);
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE INDEX t_code ON t (code) USING HDR");
    }
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection("jdbc:bindsql:path=" + folder);
  }

  private List<Path> sketches() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("t.lance").resolve("_hdr"))) {
      return files.sorted().toList();
    }
  }

  /** The ten nearest to a row that is there, with some bits changed. */
  private void checkSearch(Statement settings, Connection connection, List<Integer> gone)
      throws SQLException {
    settings.execute("SET fingerprint_cache = '" + COLD + "'");
    settings.execute("SET hdr.recall = 0.9999");
    int id;
    do {
      id = random.nextInt(ROWS);
    } while (rows.get(id).code() == null || gone.contains(id));
    byte[] query = rows.get(id).code().clone();
    for (int i = 0; i < 40; i++) {
      query[random.nextInt(WIDTH)] ^= (byte) (1 << random.nextInt(8));
    }
    try (PreparedStatement search =
        connection.prepareStatement(
            "SELECT id FROM t ORDER BY hamming_distance(code, ?) LIMIT 1")) {
      search.setBytes(1, query);
      try (ResultSet result = search.executeQuery()) {
        assertTrue(result.next());
        assertEquals(id, result.getInt(1));
      }
    }
  }

  @Test
  void damagedFilesAreMadeAnew() throws Exception {
    Path file = sketches().getFirst();
    byte[] whole = Files.readAllBytes(file);
    int[] places = {0, 8, 12, 16, 20, 60, 200, 300, 400, 1_000, whole.length / 2, whole.length - 1};
    List<byte[]> damaged = new ArrayList<>();
    for (int place : places) {
      byte[] flipped = whole.clone();
      flipped[place] ^= (byte) (1 << random.nextInt(8));
      damaged.add(flipped);
      damaged.add(Arrays.copyOf(whole, place));
      byte[] torn = whole.clone();
      Arrays.fill(torn, place, torn.length, (byte) 0);
      damaged.add(torn);
    }
    damaged.add("something else".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    damaged.add(Arrays.copyOf(whole, whole.length + 7));
    for (byte[] bytes : damaged) {
      Files.write(file, bytes);
      try (Connection connection = open();
          Statement statement = connection.createStatement()) {
        checkSearch(statement, connection, List.of());
      }
      assertEquals(-1, Arrays.mismatch(whole, Files.readAllBytes(file)), "not made anew");
    }
  }

  @Test
  void aFileOfAnotherTableIsNotTaken() throws Exception {
    List<LanceFixture.Row> others = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      byte[] code = new byte[WIDTH];
      random.nextBytes(code);
      others.add(new LanceFixture.Row(i, code, 0, null));
    }
    LanceFixture.write(folder, "u", WIDTH, others);
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE INDEX u_code ON u (code) USING HDR");
    }
    Path foreign;
    try (Stream<Path> files = Files.list(folder.resolve("u.lance").resolve("_hdr"))) {
      foreign = files.findFirst().orElseThrow();
    }
    Path own = sketches().getFirst();
    byte[] before = Files.readAllBytes(own);
    Files.write(own, Files.readAllBytes(foreign));
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 20; i++) {
        checkSearch(statement, connection, List.of());
      }
    }
    assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(own)));
  }

  @Test
  void searchesOfColdTablesReadSketchesAndFewRows() throws Exception {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      checkSearch(statement, connection, List.of());
      try (ResultSet held =
          statement.executeQuery("SELECT bytes, sketch_bytes FROM system.fingerprint_cache")) {
        assertTrue(held.next());
        assertEquals(0, held.getLong(1));
        assertTrue(held.getLong(2) > 0 && held.getLong(2) < ROWS * WIDTH / 5);
      }
    }
  }

  @Test
  void vacuumRemovesFilesOfVanishedDataAndKeepsTheOthers() throws Exception {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      Path first = sketches().getFirst();
      statement.execute("DELETE FROM t WHERE id < 100");
      checkSearch(statement, connection, IntStream.range(0, 100).boxed().toList());
      statement.execute("OPTIMIZE t WITH (materialize_deletions_threshold = 0.01)");
      statement.execute("VACUUM t WITH (older_than_seconds = 0, retain_n_versions = 1)");
      List<Path> left = sketches();
      assertEquals(1, left.size());
      assertNotEquals(first, left.getFirst());
      checkSearch(statement, connection, IntStream.range(0, 100).boxed().toList());
      statement.execute("DROP INDEX t_code ON t");
      assertEquals(List.of(), sketches());
    }
  }

  /** Deleted and restored again, on a branch too: what is in memory never lacks a row. */
  @Test
  void aRestoredVersionHasTheRowsThatWereDeleted() throws Exception {
    List<Integer> gone = IntStream.range(0, 450).boxed().toList();
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      long version = newest(statement);
      statement.execute("CREATE BRANCH dev ON t");
      for (String cache : List.of("1GB", COLD, "1GB")) {
        statement.execute("DELETE FROM t WHERE id < 450");
        for (Path file : sketches()) {
          Files.delete(file); // so that they are made of the rows that are left
        }
        statement.execute("SET fingerprint_cache = '0'");
        statement.execute("SET fingerprint_cache = '" + cache + "'");
        checkAll(statement, connection, "t", gone);
        checkAll(statement, connection, "\"t:dev\"", List.of());
        statement.execute("RESTORE TABLE t TO VERSION " + version);
        checkAll(statement, connection, "t", List.of());
      }
    }
  }

  private static long newest(Statement statement) throws SQLException {
    try (ResultSet versions = statement.executeQuery("SHOW VERSIONS ON t")) {
      long newest = 0;
      while (versions.next()) {
        newest = Math.max(newest, versions.getLong("version"));
      }
      return newest;
    }
  }

  /** Every row that is there is its own nearest, exactly and by sketches. */
  private void checkAll(
      Statement statement, Connection connection, String table, List<Integer> gone)
      throws SQLException {
    for (String recall : List.of("1", "0.9999")) {
      statement.execute("SET hdr.recall = " + recall);
      try (PreparedStatement search =
          connection.prepareStatement(
              "SELECT id FROM " + table + " ORDER BY hamming_distance(code, ?) LIMIT 1")) {
        for (int i = 0; i < ROWS; i += 37) {
          LanceFixture.Row row = rows.get(i);
          if (row.code() == null) {
            continue;
          }
          search.setBytes(1, row.code());
          try (ResultSet result = search.executeQuery()) {
            assertTrue(result.next());
            assertEquals(!gone.contains(i), result.getInt(1) == i, table + ", row " + i);
          }
        }
      }
    }
  }
}
