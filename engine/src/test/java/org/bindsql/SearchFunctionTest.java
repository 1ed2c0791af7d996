package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bindsql.schema.NeighborBloom;
import org.bindsql.schema.SchemaArray;
import org.bindsql.schema.SchemaSidecar;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Searches as table functions: each answered by the engine, by the reference planner, and by brute
 * force in Java, over a Lance table.
 */
class SearchFunctionTest {
  private static final int ROWS = 700;
  private static final int CASES = 60;
  private static final int SEMANTIC_BYTES = 1_664;

  private record Row(int key, byte @Nullable [] code, int bucket) {}

  /** A row of an answer; the score is that of the function, or the distance. */
  private record Found(int key, int distance, double score) {}

  /** A way to search: its rows, and the conditions as SQL and in Java. */
  private record Data(
      String sql, String key, boolean bySemantics, List<Row> rows, Predicate<Row> test) {}

  @TempDir Path folder;

  private final Random random = new Random(20_261_120L);
  private Connection engine;
  private Connection reference;
  private final List<byte[]> pool = new ArrayList<>();

  @BeforeEach
  void open() throws SQLException {
    for (int i = 0; i < 25; i++) {
      pool.add(record(i % 5 != 0));
    }
    LanceFixture.write(
        folder,
        "t",
        2_048,
        rows(0, true).stream()
            .map(row -> new LanceFixture.Row(row.key, row.code, row.bucket, null))
            .toList());
    engine = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
    reference = DriverManager.getConnection("jdbc:bindsql:planner=reference;path=" + folder);
  }

  @AfterEach
  void close() throws SQLException {
    engine.close();
    reference.close();
  }

  private byte[] record(boolean schema) {
    byte[] code = new byte[2_048];
    random.nextBytes(code);
    if (schema) {
      SchemaSidecar sidecar = SchemaSidecar.of(code).initialize();
      for (int i = 0; i < 6; i++) {
        NeighborBloom.add(sidecar, random.nextInt(12));
      }
      for (int i = 0; i < SchemaArray.Q_VALUES.length(); i++) {
        sidecar.set(SchemaArray.Q_VALUES, i, random.nextInt(255) - 127);
      }
    }
    return code;
  }

  /** Rows near to each other, some equal, so that distances tie. */
  private List<Row> rows(int first, boolean nulls) {
    Random own = new Random(7);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      byte[] code = pool.get(own.nextInt(pool.size())).clone();
      for (int flips = own.nextInt(4) * own.nextInt(400); flips > 0; flips--) {
        code[own.nextInt(SEMANTIC_BYTES)] ^= (byte) (1 << own.nextInt(8));
      }
      rows.add(new Row(first + i, nulls && own.nextInt(12) == 0 ? null : code, own.nextInt(10)));
    }
    return rows;
  }

  private Data data(boolean bySemantics) {
    List<Row> rows = rows(0, true);
    int bucket = random.nextInt(10);
    return switch (random.nextInt(3)) {
      case 0 -> new Data("TABLE t", "id", bySemantics, rows, row -> true);
      case 1 -> new Data("'main.t'", "id", bySemantics, rows, row -> true);
      default ->
          new Data(
              "(SELECT * FROM t WHERE bucket <> " + bucket + ")",
              "id",
              bySemantics,
              rows,
              row -> row.bucket != bucket);
    };
  }

  private static int distance(byte[] a, byte[] b, boolean semantic) {
    int distance = 0;
    for (int i = 0; i < (semantic ? SEMANTIC_BYTES : a.length); i++) {
      distance += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
    }
    return distance;
  }

  private static List<Found> best(
      Data data, byte[] query, long k, Function<byte[], Double> rank, Score score) {
    record Ranked(Found found, double rank) {}
    return data.rows.stream()
        .filter(row -> row.code != null && data.test.test(row))
        .map(row -> {
          byte[] code = row.code == null ? new byte[0] : row.code;
          int distance = distance(code, query, data.bySemantics);
          return new Ranked(
              new Found(row.key, distance, score.of(code, distance)), rank.apply(code));
        })
        .sorted(
            Comparator.comparingDouble((Ranked row) -> row.found.score)
                .thenComparing(row -> row.found.distance)
                .thenComparing(Ranked::rank)
                .thenComparing(row -> row.found.key))
        .limit(k)
        .map(Ranked::found)
        .toList();
  }

  private interface Score {
    double of(byte[] code, int distance);
  }

  private byte[] query() {
    byte[] query = pool.get(random.nextInt(pool.size())).clone();
    for (int flips = random.nextInt(900); flips > 0; flips--) {
      query[random.nextInt(SEMANTIC_BYTES)] ^= (byte) (1 << random.nextInt(8));
    }
    return query;
  }

  private static List<Found> run(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      List<Found> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(new Found(rows.getInt(1), rows.getInt(2), rows.getDouble(3)));
        }
      }
      return found;
    }
  }

  private void duel(List<Found> expected, String sql, Object... parameters) throws SQLException {
    assertEquals(expected, run(engine, sql, parameters), sql);
    assertEquals(expected, run(reference, sql, parameters), "reference: " + sql);
  }

  private static String mask(boolean semantic) {
    return semantic ? ", mask => 'semantic'" : "";
  }

  @Test
  void searchesEqualBruteForce() throws SQLException {
    for (int i = 0; i < CASES; i++) {
      boolean semantic = random.nextBoolean();
      Data data = data(semantic);
      byte[] query = query();
      int k = random.nextInt(4) == 0 ? 0 : random.nextInt(60);
      String list = "SELECT id, _distance, _distance AS score FROM ";
      List<Found> expected = best(data, query, k, c -> 0.0, (code, distance) -> distance);
      duel(
          expected,
          list + "hdr_search(" + data.sql + ", 'code', ?, ?" + mask(semantic) + ")",
          query,
          k);
      byte[] key = record(false);
      byte[] target = key.clone();
      for (int b = 0; b < target.length; b++) {
        target[b] ^= query[b];
      }
      duel(
          expected,
          list
              + "TABLE(hdr_bind_search("
              + data.sql
              + ", DESCRIPTOR(code), ?, ?, ?"
              + mask(semantic)
              + "))",
          key,
          target,
          k);
      int radius = random.nextInt(7_000);
      duel(
          best(data, query, Long.MAX_VALUE, c -> 0.0, (code, distance) -> distance).stream()
              .filter(row -> row.distance <= radius)
              .toList(),
          list
              + "hdr_range("
              + data.sql
              + ", 'code', ?, ?"
              + mask(semantic)
              + ") ORDER BY _distance, id",
          query,
          radius);
    }
  }

  @Test
  void bloomSearchesEqualBruteForce() throws SQLException {
    for (int i = 0; i < CASES; i++) {
      boolean semantic = random.nextBoolean();
      Data data = data(semantic);
      byte[] query = query();
      int k = random.nextInt(60);
      long source = random.nextInt(14);
      double bonus = random.nextInt(4) == 0 ? 0 : random.nextDouble();
      duel(
          best(
              data,
              query,
              k,
              code -> isNeighbor(code, source) ? 0.0 : 1.0,
              (code, distance) ->
                  isNeighbor(code, source) ? Math.floor(distance * (1 - bonus)) : distance),
          "SELECT id, _distance, _score FROM hdr_bloom_search("
              + data.sql
              + ", 'code', ?, ?, ?, ?"
              + mask(semantic)
              + ")",
          query,
          k,
          source,
          bonus);
    }
  }

  private static boolean isNeighbor(byte[] code, long id) {
    SchemaSidecar sidecar = SchemaSidecar.of(code);
    return sidecar.isPresent() && NeighborBloom.mightContain(sidecar, id);
  }

  @Test
  void rewardSearchesEqualBruteForce() throws SQLException {
    for (int i = 0; i < CASES; i++) {
      boolean semantic = random.nextBoolean();
      Data data = data(semantic);
      byte[] query = query();
      int k = random.nextInt(60);
      double alpha = random.nextInt(4) == 0 ? random.nextInt(2) : random.nextDouble();
      int bits = semantic ? 13_312 : 16_384;
      duel(
          best(
              data,
              query,
              k,
              code -> 0.0,
              (code, distance) -> (1 - alpha) * distance / bits + alpha * (1 - bestQ(code)) / 2),
          "SELECT id, _distance, _score FROM hdr_rl_search("
              + data.sql
              + ", 'code', ?, k => ?, alpha => ?"
              + mask(semantic)
              + ")",
          query,
          k,
          alpha);
    }
  }

  /** The greatest Q-value as SQL's {@code best_q} gives it, 0 without a schema. */
  private static double bestQ(byte[] code) {
    SchemaSidecar sidecar = SchemaSidecar.of(code);
    return sidecar.isPresent() ? (float) (sidecar.bestQ() / 127.0) : 0;
  }

  @Test
  void parametersStandInTheOrderOfTheText() throws SQLException {
    byte[] query = query();
    Data data = new Data("", "id", false, rows(0, true), row -> row.bucket < 5 && row.key > 100);
    duel(
        best(data, query, 9, c -> 0.0, (code, distance) -> distance),
        "SELECT id, _distance, _distance AS score FROM"
            + " hdr_search((SELECT * FROM t WHERE bucket < ? AND id > ?), 'code', ?, ?)"
            + " WHERE _distance >= ?",
        5,
        100,
        query,
        9,
        0);
  }

  /** Two literals of 8,192 bytes are too long for the code of one method. */
  @Test
  void literalsMayBeLong() throws SQLException {
    byte[] code = new byte[8_192];
    random.nextBytes(code);
    LanceFixture.write(
        folder, "wide", code.length, List.of(new LanceFixture.Row(7, code, 0, null)));
    byte[] key = new byte[code.length];
    random.nextBytes(key);
    byte[] target = key.clone();
    for (int i = 0; i < code.length; i++) {
      target[i] ^= code[i];
    }
    HexFormat hex = HexFormat.of();
    assertEquals(
        List.of(new Found(7, 0, 0)),
        run(
            engine,
            "SELECT id, _distance, _distance AS score FROM hdr_bind_search('wide', 'code', X'"
                + hex.formatHex(key)
                + "', X'"
                + hex.formatHex(target)
                + "', 3)"));
  }

  @Test
  void theCascadeAnswers() throws SQLException {
    for (String search :
        List.of(
            "hdr_search(TABLE t, DESCRIPTOR(code), fingerprint_of('a'), 5)",
            "hdr_range('t', 'code', fingerprint_of('a'), 100)",
            "hdr_bind_search('t', 'code', fingerprint_of('k'), fingerprint_of('a'), 5)",
            "hdr_bloom_search('t', 'code', fingerprint_of('a'), 5, 7, 0.2)",
            "hdr_search((SELECT * FROM t WHERE bucket < 3), 'code', fingerprint_of('a'), 5)")) {
      try (ResultSet plan =
          engine.createStatement().executeQuery("EXPLAIN PLAN FOR SELECT * FROM " + search)) {
        plan.next();
        assertTrue(plan.getString(1).contains("HdrCascade"), plan.getString(1));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hdr_search(TABLE nope, 'code', fingerprint_of('a'), 5) | 42P01",
        "hdr_search('nope', 'code', fingerprint_of('a'), 5) | 42P01",
        "hdr_search('t', 'nope', fingerprint_of('a'), 5) | 42703",
        "hdr_search('t', DESCRIPTOR(nope), fingerprint_of('a'), 5) | 42703",
        "hdr_search('t', code, fingerprint_of('a'), 5) | 22023",
        "hdr_search('t', 'id', fingerprint_of('a'), 5) | 42804",
        "hdr_search('t', 'code', X'00', 5) | 22023",
        "hdr_search('t', 'code', code, 5) | 22023",
        "hdr_search('t', 'code', fingerprint_of('a'), -1) | 22023",
        "hdr_search('t', 'code', fingerprint_of('a'), 1.5) | 22023",
        "hdr_search('t', 'code', fingerprint_of('a'), NULL) | 22023",
        "hdr_search('t', 'code', fingerprint_of('a')) | 42601",
        "hdr_search('t', 'code', fingerprint_of('a'), 5, 'all', 6) | 42601",
        "hdr_search('t', 'code', fingerprint_of('a'), k => 5, k => 6) | 42601",
        "hdr_search('t', 'code', fingerprint_of('a'), 5, what => 6) | 42601",
        "hdr_search('t', 'code', fingerprint_of('a'), 5, 'most') | 22023",
        "hdr_search(7, 'code', fingerprint_of('a'), 5) | 22023",
        "hdr_bloom_search('t', 'code', fingerprint_of('a'), 5, 7, 1) | 22023",
        "hdr_bloom_search('t', 'code', fingerprint_of('a'), 5, 7, -0.1) | 22023",
        "hdr_bloom_search('t', 'code', fingerprint_of('a'), 5, -7, 0.1) | 22023",
        "hdr_rl_search('t', 'code', fingerprint_of('a'), 5, 1.1) | 22023",
        "hdr_rl_search('t', 'code', fingerprint_of('a'), -5, 0.1) | 22023",
        "hdr_bloom_search((SELECT X'00' AS c), 'c', X'00', 5, 7, 0.5) | 22023"
      })
  void badInputIsNamed(String search, String state) {
    for (Connection connection : List.of(engine, reference)) {
      SQLException failure =
          assertThrows(
              SQLException.class,
              () ->
                  run(
                      connection,
                      "SELECT 1, 1, 1 FROM " + search + " AS s WHERE s._distance >= 0"));
      assertEquals(state, failure.getSQLState(), failure.getMessage());
    }
  }

  @Test
  void badParametersAreNamed() throws SQLException {
    String sql = "SELECT id, _distance, _score FROM hdr_bloom_search('t', 'code', ?, ?, ?, ?)";
    for (Object[] parameters :
        List.of(
            new Object[] {query(), -1, 7, 0.5},
            new Object[] {query(), 5, -1, 0.5},
            new Object[] {query(), 5, 7, 1.0},
            new Object[] {Arrays.copyOf(query(), 100), 5, 7, 0.5})) {
      for (Connection connection : List.of(engine, reference)) {
        SQLException failure =
            assertThrows(SQLException.class, () -> run(connection, sql, parameters));
        assertEquals("22023", failure.getSQLState(), failure.getMessage());
      }
    }
  }

  @Test
  void nothingIsNearToNull() throws SQLException {
    for (String search :
        List.of(
            "hdr_search('t', 'code', ?, 5)",
            "hdr_range('t', 'code', ?, 20000)",
            "hdr_bloom_search('t', 'code', ?, 5, 7, 0.5)",
            "hdr_rl_search('t', 'code', ?, 5, 0.5)")) {
      duel(
          List.of(),
          "SELECT id, _distance, _distance AS score FROM " + search,
          new Object[] {null});
    }
  }
}
