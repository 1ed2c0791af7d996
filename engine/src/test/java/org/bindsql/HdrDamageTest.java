package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stored sketches of several data files are damaged between searches, and during them. */
class HdrDamageTest {
  private static final int WIDTH = 512;
  private static final int FILES = 3;
  private static final int ROWS = 300;
  private static final int K = 10;

  /** Less than the fingerprints take, more than their sketches. */
  private static final String COLD = "100KB";

  @TempDir Path folder;
  private final Random random = new Random(20_261_120);
  private final List<LanceFixture.Row> rows = new ArrayList<>();
  private Connection connection;
  private Statement statement;
  private Path sketches;

  /** What the files held at some time: of other data files, of other rows. */
  private final List<byte[]> contents = new ArrayList<>();

  @BeforeEach
  void create() throws Exception {
    for (int i = 0; i < FILES * ROWS; i++) {
      byte[] code = new byte[WIDTH];
      random.nextBytes(code);
      rows.add(new LanceFixture.Row(i, i % 13 == 5 ? null : code, i % 10, null));
    }
    LanceFixture.write(folder, "t", WIDTH, rows.subList(0, ROWS));
    for (int i = 1; i < FILES; i++) {
      LanceFixture.write(folder, "more" + i, WIDTH, rows.subList(i * ROWS, (i + 1) * ROWS));
    }
    connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
    statement = connection.createStatement();
    for (int i = 1; i < FILES; i++) {
      statement.execute("INSERT INTO t SELECT * FROM more" + i);
    }
    statement.execute("CREATE INDEX t_code ON t (code) USING HDR");
    sketches = folder.resolve("t.lance").resolve("_hdr");
    keepContents();
  }

  @AfterEach
  void close() throws SQLException {
    statement.close();
    connection.close();
  }

  private void keepContents() throws IOException {
    for (Path file : files()) {
      contents.add(Files.readAllBytes(file));
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(sketches)) {
      return files.filter(file -> file.toString().endsWith(".hdr")).sorted().toList();
    }
  }

  /** Searches with nothing in memory: every row is true, and the nearest is there. */
  private void search() throws SQLException {
    statement.execute("SET fingerprint_cache = '0'");
    statement.execute("SET fingerprint_cache = '" + COLD + "'");
    for (String recall : List.of("0.9999", "1")) {
      statement.execute("SET hdr.recall = " + recall);
      byte[] near;
      do {
        near = rows.get(random.nextInt(rows.size())).code();
      } while (near == null);
      byte[] query = near.clone();
      for (int i = 0; i < 40; i++) {
        query[random.nextInt(WIDTH)] ^= (byte) (1 << random.nextInt(8));
      }
      List<String> expected =
          rows.stream()
              .filter(row -> row.code() != null)
              .sorted(Comparator.comparingInt(row -> distance(row.code(), query)))
              .map(row -> row.id() + "|" + distance(row.code(), query))
              .toList();
      List<String> found = find(query);
      assertEquals(K, found.size());
      assertEquals(expected.getFirst(), found.getFirst());
      assertTrue(expected.containsAll(found), () -> found + " are not the rows of the table");
      if (recall.equals("1")) {
        assertEquals(expected.subList(0, K), found);
      }
    }
  }

  private List<String> find(byte[] query) throws SQLException {
    try (PreparedStatement search =
        connection.prepareStatement(
            "SELECT id, hamming_distance(code, ?) AS d FROM t ORDER BY d LIMIT " + K)) {
      search.setBytes(1, query);
      List<String> found = new ArrayList<>();
      try (ResultSet result = search.executeQuery()) {
        while (result.next()) {
          found.add(result.getInt(1) + "|" + result.getInt(2));
        }
      }
      return found;
    }
  }

  private static int distance(byte @Nullable [] a, byte[] b) {
    int sum = 0;
    for (int i = 0; a != null && i < b.length; i++) {
      sum += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
    }
    return sum;
  }

  /** Damages the stored sketches in one of many ways. */
  private void damage(int way, Random random) throws IOException {
    List<Path> files = Files.isDirectory(sketches) ? files() : List.of();
    if (files.isEmpty()) {
      delete(sketches);
      return;
    }
    Path file = files.get(random.nextInt(files.size()));
    byte[] whole = Files.isRegularFile(file) ? Files.readAllBytes(file) : contents.getFirst();
    int place = whole.length == 0 ? 0 : random.nextInt(whole.length);
    delete(file);
    switch (way) {
      case 0 -> Files.write(file, new byte[0]);
      case 1 -> Files.write(file, Arrays.copyOf(whole, place));
      case 2 -> Files.write(file, Arrays.copyOf(whole, whole.length + 1 + place));
      case 3 -> {
        if (whole.length > 0) {
          whole[place] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(file, whole);
      }
      case 4 -> {
        Arrays.fill(whole, place, whole.length, (byte) 0);
        Files.write(file, whole);
      }
      case 5 -> Files.write(file, contents.get(random.nextInt(contents.size())));
      case 6 -> Files.createDirectory(file);
      case 7 -> Files.createSymbolicLink(file, folder.resolve("nowhere"));
      case 8 -> delete(sketches);
      case 9 -> {
        delete(sketches);
        Files.writeString(sketches, "no directory");
      }
      default -> {
        if (whole.length > 8) {
          whole[8]++; // another format
        }
        Files.write(file, whole);
      }
    }
  }

  private static final int WAYS = 11;

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(path)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }

  @Test
  void searchesAreRightWhateverTheFilesHold() throws Exception {
    statement.execute("DELETE FROM t WHERE MOD(id, 7) = 3");
    delete(sketches);
    store();
    keepContents(); // of the rows that are left: not to be taken for those of all
    statement.execute("RESTORE TABLE t TO VERSION " + (newest() - 1));
    for (int i = 0; i < 3 * WAYS; i++) {
      damage(i % WAYS, random);
      search();
    }
  }

  /** A search with sketches that ends with them stored, whatever it finds. */
  private void store() throws SQLException {
    statement.execute("SET fingerprint_cache = '0'");
    statement.execute("SET fingerprint_cache = '" + COLD + "'");
    statement.execute("SET hdr.recall = 0.9999");
    find(new byte[WIDTH]);
  }

  private long newest() throws SQLException {
    try (ResultSet versions = statement.executeQuery("SHOW VERSIONS ON t")) {
      long newest = 0;
      while (versions.next()) {
        newest = Math.max(newest, versions.getLong("version"));
      }
      return newest;
    }
  }

  @Test
  void searchesAreRightWhileFilesAreDamaged() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<@Nullable Void> damaging =
        CompletableFuture.runAsync(() -> {
          Random own = new Random(7);
          while (!done.get()) {
            try {
              damage(own.nextInt(WAYS), own);
            } catch (IOException | UncheckedIOException e) {
              continue; // a search has just put another file there
            }
            LockSupport.parkNanos(1_000_000);
          }
        });
    try {
      for (int i = 0; i < 60; i++) {
        search();
      }
    } finally {
      done.set(true);
      damaging.join();
    }
  }
}
