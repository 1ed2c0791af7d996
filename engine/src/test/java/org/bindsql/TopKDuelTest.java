package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random top-k and radius queries through JDBC, each answered four times: by the engine, by the
 * engine made to search for the nearest rows before it filters them, by the engine with the batch
 * rules off, and by brute force in Java. All must agree row for row.
 *
 * <p>A failure names the seed; {@code -Dtests.seed=N} repeats it.
 */
class TopKDuelTest {
  private static final int QUERIES = 2_000;
  private static final long SEED = Long.getLong("tests.seed", 20_261_120L);

  /** One row as Java sees it; {@code key} is its position in the table, which breaks ties. */
  private record Row(int key, byte @Nullable [] code, int bucket, @Nullable String tag) {}

  private record Data(String table, String keyColumn, int width, List<Row> rows) {}

  /** A WHERE clause and the same condition in Java. */
  private record Filter(String sql, Predicate<Row> test) {
    static final Filter NONE = new Filter("", row -> true);
  }

  /** What the search orders by, as SQL and as a number to minimise; null for a NULL distance. */
  private record Order(String sql, String direction, boolean nullsFirst, int prefix) {
    @Nullable Integer distance(Row row, byte[] query) {
      byte[] code = row.code;
      return code == null ? null : hamming(code, query, Math.min(prefix, code.length));
    }
  }

  @TempDir Path folder;

  @Test
  void searchesEqualBruteForceAndReference() throws SQLException {
    Random random = new Random(SEED);
    List<Data> tables = createLanceTables(random);
    try (Connection engine = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Connection reference =
            DriverManager.getConnection("jdbc:bindsql:path=" + folder + ";planner=reference");
        Connection distanceFirst =
            DriverManager.getConnection("jdbc:bindsql:path=" + folder + ";hdr.first=distance")) {
      tables.addAll(fillBindSpace(engine, random));
      int cascades = 0;
      for (int i = 0; i < QUERIES; i++) {
        Data data = tables.get(i % tables.size());
        cascades += duel(List.of(engine, distanceFirst), reference, data, random, i) ? 1 : 0;
      }
      assertTrue(cascades > QUERIES * 8 / 10, "only " + cascades + " queries used the cascade");
    }
  }

  private List<Data> createLanceTables(Random random) {
    List<Data> tables = new ArrayList<>();
    int[] widths = {8, 16, 32, 100, 256, 1_024, 2_048};
    int[] sizes = {0, 1, 7, 300, 1_000, 5_000};
    for (int i = 0; i < 18; i++) {
      int width = widths[i % widths.length];
      int size = sizes[i % sizes.length];
      Data data = new Data("main.t" + i, "id", width, randomRows(random, size, width, true));
      LanceFixture.write(folder, "t" + i, width, lanceRows(data));
      tables.add(data);
    }
    return tables;
  }

  private static List<Data> fillBindSpace(Connection engine, Random random) throws SQLException {
    List<Data> tables = new ArrayList<>();
    for (String table : List.of("bindspace.fluid", "bindspace.nodes")) {
      int first = table.endsWith("fluid") ? 0x1000 : 0x8000;
      List<Row> rows = new ArrayList<>();
      for (Row row : randomRows(random, 900, 2_048, false)) {
        rows.add(new Row(first + 2 * row.key, row.code, row.bucket, row.tag));
      }
      try (PreparedStatement insert =
          engine.prepareStatement(
              "INSERT INTO " + table + " (addr, fingerprint, qidx, label) VALUES (?, ?, ?, ?)")) {
        for (Row row : rows) {
          insert.setInt(1, row.key);
          insert.setBytes(2, row.code);
          insert.setInt(3, row.bucket);
          if (row.tag == null) {
            insert.setNull(4, Types.VARCHAR);
          } else {
            insert.setString(4, row.tag);
          }
          insert.addBatch();
        }
        assertEquals(rows.size(), insert.executeBatch().length);
      }
      tables.add(new Data(table, "addr", 2_048, rows));
    }
    return tables;
  }

  private static List<LanceFixture.Row> lanceRows(Data data) {
    List<LanceFixture.Row> rows = new ArrayList<>();
    for (Row row : data.rows) {
      rows.add(new LanceFixture.Row(row.key, row.code, row.bucket, row.tag));
    }
    return rows;
  }

  /** Rows around a few centres, with repeated codes so that distances tie. */
  private static List<Row> randomRows(Random random, int size, int width, boolean nulls) {
    List<byte[]> pool = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      byte[] code = new byte[width];
      random.nextBytes(code);
      pool.add(code);
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      byte[] code = pool.get(random.nextInt(pool.size())).clone();
      if (random.nextInt(3) > 0) {
        flip(random, code, random.nextInt(width));
      }
      boolean absent = nulls && random.nextInt(12) == 0;
      String tag = random.nextInt(6) == 0 ? null : "tag" + random.nextInt(5);
      rows.add(new Row(i, absent ? null : code, random.nextInt(100), tag));
    }
    return rows;
  }

  private static void flip(Random random, byte[] code, int times) {
    for (int i = 0; i < times; i++) {
      int bit = random.nextInt(code.length * 8);
      code[bit >> 3] ^= (byte) (1 << (bit & 7));
    }
  }

  /** Runs one query all ways; returns whether the engine's plan used the cascade. */
  private static boolean duel(
      List<Connection> engines, Connection reference, Data data, Random random, int number)
      throws SQLException {
    byte[] query = query(data, random);
    Order order = order(data, random);
    Filter filter = filter(data, random);
    int rows = data.rows.size();
    int limit = 1 + random.nextInt(random.nextBoolean() ? 20 : rows + 5);
    int offset = random.nextInt(4) == 0 ? random.nextInt(rows + 2) : 0;
    boolean parameter = random.nextBoolean();
    String code = data.keyColumn.equals("addr") ? "fingerprint" : "code";
    String constant =
        parameter ? "?" : "X'" + HexFormat.of().withUpperCase().formatHex(query) + "'";
    String expression = order.sql.formatted(code, constant);
    String sql =
        form(random.nextInt(4), data, expression, filter.sql, order.direction)
            + (random.nextBoolean() || parameter
                ? " LIMIT " + limit
                : " FETCH NEXT " + limit + " ROWS ONLY")
            + (offset > 0 ? "" : "");
    if (offset > 0) {
      sql =
          sql.contains(" LIMIT ")
              ? sql + " OFFSET " + offset
              : sql.replace(" FETCH NEXT ", " OFFSET " + offset + " ROWS FETCH NEXT ");
    }
    String what =
        "query " + number + " of seed " + SEED + " on " + data.table + ": " + shorten(sql);
    List<String> expected = bruteForce(data, query, order, filter, limit, offset);
    assertEquals(expected, run(reference, sql, parameter ? query : null), "reference, " + what);
    for (Connection engine : engines) {
      assertEquals(expected, run(engine, sql, parameter ? query : null), "engine, " + what);
    }
    return number % 20 != 0
        || plan(engines.getFirst(), sql, parameter ? query : null).contains("HdrCascade");
  }

  private static String form(
      int kind, Data data, String distance, String filter, String direction) {
    String key = data.keyColumn;
    return switch (kind) {
      case 0 ->
          "SELECT %s, %s AS d FROM %s%s ORDER BY d %s"
              .formatted(key, distance, data.table, filter, direction);
      case 1 ->
          "SELECT %s, %s FROM %s%s ORDER BY 2 %s"
              .formatted(key, distance, data.table, filter, direction);
      case 2 ->
          "SELECT k, d FROM (SELECT %s AS k, %s AS d FROM %s%s) AS s ORDER BY d %s"
              .formatted(key, distance, data.table, filter, direction);
      default ->
          "WITH s AS (SELECT * FROM %s%s) SELECT %s, %s AS d FROM s ORDER BY d %s"
              .formatted(data.table, filter, key, distance, direction);
    };
  }

  private static byte[] query(Data data, Random random) {
    byte[] query = new byte[data.width];
    random.nextBytes(query);
    if (!data.rows.isEmpty() && random.nextInt(4) > 0) {
      byte[] code = data.rows.get(random.nextInt(data.rows.size())).code;
      if (code != null) {
        query = code.clone();
        flip(random, query, random.nextInt(data.width));
      }
    }
    return query;
  }

  private static Order order(Data data, Random random) {
    return switch (random.nextInt(data.width == 2_048 ? 5 : 4)) {
      case 0 -> new Order("hamming_distance(%1$s, %2$s)", "", false, data.width);
      case 1 -> new Order("hamming(%2$s, %1$s)", "ASC NULLS FIRST", true, data.width);
      case 2 -> new Order("similarity(%1$s, %2$s)", "DESC", true, data.width);
      case 3 -> new Order("vector_similarity(%2$s, %1$s)", "DESC NULLS LAST", false, data.width);
      default -> new Order("semantic_distance(%1$s, %2$s)", "ASC", false, 1_664);
    };
  }

  private static Filter filter(Data data, Random random) {
    String bucket = data.keyColumn.equals("addr") ? "qidx" : "bucket";
    String tag = data.keyColumn.equals("addr") ? "label" : "tag";
    int n = random.nextInt(100);
    return switch (random.nextInt(9)) {
      case 0 -> new Filter(" WHERE " + bucket + " < " + n, row -> row.bucket < n);
      case 1 -> new Filter(" WHERE " + tag + " = 'tag3'", row -> "tag3".equals(row.tag));
      case 2 -> new Filter(" WHERE " + tag + " IS NULL", row -> row.tag == null);
      case 3 ->
          new Filter(
              " WHERE (" + tag + " = 'tag1' OR " + bucket + " > " + n + ")",
              row -> "tag1".equals(row.tag) || row.bucket > n);
      case 4 ->
          new Filter(" WHERE MOD(" + bucket + ", 7) = " + n % 7, row -> row.bucket % 7 == n % 7);
      case 5 ->
          new Filter(
              " WHERE NOT (" + tag + " IN ('tag0', 'tag2')) AND " + bucket + " <> " + n,
              row -> row.tag != null && !row.tag.matches("tag[02]") && row.bucket != n);
      case 6 ->
          new Filter(
              " WHERE UPPER("
                  + tag
                  + ") LIKE 'TAG_' AND "
                  + data.keyColumn
                  + " BETWEEN 3 AND 40000",
              row -> row.tag != null && row.key >= 3 && row.key <= 40_000);
      default -> Filter.NONE;
    };
  }

  private static List<String> bruteForce(
      Data data, byte[] query, Order order, Filter filter, int limit, int offset) {
    record Hit(int key, @Nullable Integer distance) {}
    Comparator<@Nullable Integer> byDistance =
        order.nullsFirst
            ? Comparator.nullsFirst(Comparator.<Integer>naturalOrder())
            : Comparator.nullsLast(Comparator.<Integer>naturalOrder());
    Stream<Hit> hits =
        data.rows.stream()
            .filter(filter.test)
            .map(row -> new Hit(row.key, order.distance(row, query)));
    return hits.sorted(Comparator.comparing(Hit::distance, byDistance).thenComparing(Hit::key))
        .skip(offset)
        .limit(limit)
        .map(hit -> hit.key + ":" + shown(order, hit.distance, data.width))
        .toList();
  }

  private static String shown(Order order, @Nullable Integer distance, int width) {
    if (distance == null) {
      return "null";
    }
    return order.sql.contains("similarity")
        ? Double.toString(1.0 - distance / (8.0 * width))
        : Integer.toString(distance);
  }

  private static List<String> run(Connection connection, String sql, byte @Nullable [] parameter)
      throws SQLException {
    List<String> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (parameter != null) {
        statement.setBytes(1, parameter);
      }
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          Object value = result.getObject(2);
          rows.add(
              result.getInt(1)
                  + ":"
                  + (value instanceof Float f ? (Object) f.doubleValue() : value));
        }
      }
    }
    return rows;
  }

  private static String plan(Connection connection, String sql, byte @Nullable [] parameter)
      throws SQLException {
    String text = parameter == null ? sql : sql.replace("?", "CAST(? AS VARBINARY)");
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("EXPLAIN PLAN FOR " + text)) {
      StringBuilder plan = new StringBuilder();
      while (result.next()) {
        plan.append(result.getString(1));
      }
      return plan.toString();
    }
  }

  private static int hamming(byte[] a, byte[] b, int bytes) {
    int distance = 0;
    for (int i = 0; i < bytes; i++) {
      distance += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
    }
    return distance;
  }

  private static String shorten(String sql) {
    return sql.replaceAll("X'[0-9A-F]{40,}'", "X'…'");
  }
}
