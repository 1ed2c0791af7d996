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
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random joins by distance, smallest distances and searches of unions through JDBC, each answered
 * by the engine and by brute force in Java; some also by the engine with the batch rules off, and
 * by DuckDB.
 *
 * <p>A failure names the seed and the case; {@code -Dtests.seed=N} repeats it. {@code
 * -Dtests.joins=N} sets the number of cases of the long run.
 */
class JoinDuelTest {
  private static final long SEED = Long.getLong("tests.seed", 20_261_120L);

  /** A row; ties in distance are broken by {@code id}, which ascends with the row's place. */
  private record Row(int id, byte @Nullable [] code, int bucket, @Nullable String tag) {}

  private record Data(String table, int width, List<Row> rows) {
    String id() {
      return isBindSpace() ? "addr" : "id";
    }

    String code() {
      return isBindSpace() ? "fingerprint" : "code";
    }

    String bucket() {
      return isBindSpace() ? "qidx" : "bucket";
    }

    String tag() {
      return isBindSpace() ? "label" : "tag";
    }

    boolean isBindSpace() {
      return table.startsWith("bindspace");
    }
  }

  /** A condition on a row of {@code t} as SQL and in Java. */
  private record Filter(String sql, Predicate<Row> test) {}

  /** What is measured. */
  private enum Measure {
    HAMMING("hamming_distance"),
    SEMANTIC("semantic_distance"),
    SIMILARITY("similarity");

    final String function;

    Measure(String function) {
      this.function = function;
    }

    @Nullable Integer distance(byte @Nullable [] a, byte @Nullable [] b) {
      if (a == null || b == null) {
        return null;
      }
      int bytes = this == SEMANTIC ? 1664 : a.length;
      int distance = 0;
      for (int i = 0; i < bytes; i++) {
        distance += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
      }
      return distance;
    }

    String shown(@Nullable Integer distance, int width) {
      return distance == null
          ? "null"
          : this == SIMILARITY ? Double.toString(value(distance, width)) : distance.toString();
    }

    double value(int distance, int width) {
      return this == SIMILARITY ? 1.0 - distance / (8.0 * width) : distance;
    }
  }

  /** A statement, what it must return in any order, and by whom else it can be answered. */
  private record Case(
      String sql,
      List<@Nullable Object> parameters,
      List<String> expected,
      boolean reference,
      @Nullable String duck) {}

  @TempDir Path folder;

  @Test
  void joinsEqualBruteForce() throws SQLException {
    run(SEED, 300);
  }

  @Test
  @Tag("soak")
  void manyJoinsEqualBruteForce() throws SQLException {
    long seed = Long.getLong("tests.seed", System.nanoTime());
    run(seed, Integer.getInteger("tests.joins", 20_000));
  }

  private void run(long seed, int cases) throws SQLException {
    Random random = new Random(seed);
    List<Data> tables = new ArrayList<>();
    int[] widths = {8, 8, 13, 100, 256, 600, 2_048};
    int[] sizes = {300, 900, 1, 150, 60, 0, 40};
    for (int i = 0; i < widths.length; i++) {
      for (String name : List.of("t" + i, "q" + i)) {
        int size = name.startsWith("q") ? sizes[i] / 10 + i % 3 : sizes[i];
        Data data = new Data(name, widths[i], rows(random, size, widths[i], 0));
        LanceFixture.write(folder, name, data.width, lanceRows(data));
        tables.add(data);
      }
    }
    String url = "jdbc:bindsql:path=" + folder;
    try (Connection engine = DriverManager.getConnection(url);
        Connection small = DriverManager.getConnection(url + ";batch_size=3;threads=1");
        Connection reference = DriverManager.getConnection(url + ";planner=reference");
        Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      for (String name : List.of("bindspace.fluid", "bindspace.nodes")) {
        Data data =
            new Data(name, 2_048, rows(random, 25, 2_048, name.endsWith("s") ? 0x8000 : 0x1000));
        fill(engine, data);
        tables.add(data);
      }
      for (Data data : tables) {
        copy(data, duck);
      }
      int cascades = 0;
      for (int i = 0; i < cases; i++) {
        Data t = tables.get(random.nextInt(tables.size()));
        List<Data> fitting = tables.stream().filter(d -> d.width == t.width).toList();
        Data q = fitting.get(random.nextInt(fitting.size()));
        Case next = next(q, t, random);
        String what =
            "case " + i + " of seed " + seed + ": " + next.sql + " with " + next.parameters;
        List<String> expected = sorted(next.expected);
        assertEquals(expected, sorted(run(random.nextInt(4) == 0 ? small : engine, next)), what);
        if (next.reference && i % 10 == 0) {
          assertEquals(expected, sorted(run(reference, next)), "reference, " + what);
        }
        if (next.duck != null && i % 5 == 0) {
          assertEquals(expected, sorted(rows(duck, next.duck)), "DuckDB, " + what);
        }
        if (i % 25 == 0) {
          cascades += plan(engine, next).contains("HdrCascade") ? 1 : 0;
        }
      }
      // Of a few rows the responses are sorted, and nothing else.
      assertTrue(cascades * 10 > cases / 25 * 8, cascades + " were searches, seed " + seed);
    }
  }

  private static Case next(Data q, Data t, Random random) {
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> lateral(q, t, random);
      case 3 -> ranked(q, t, random);
      case 4, 5 -> withinRadius(q, t, random);
      case 6 -> smallest(q, t, random);
      case 7 -> response(t, random);
      default -> union(q, t, random);
    };
  }

  private static Measure measure(Data data, Random random) {
    return Measure.values()[
        random.nextInt(data.width == 2_048 ? 3 : 2) * (data.width == 2_048 ? 1 : 2)];
  }

  /** A radius that some pairs are within: a bound on the measure, and the greatest distance. */
  private record Radius(double bound, boolean strict, int distance) {}

  private static Radius radius(Measure measure, int width, Random random) {
    int bits = measure == Measure.SEMANTIC ? 1664 * 8 : width * 8;
    int distance = random.nextInt(6) == 0 ? random.nextInt(bits) : random.nextInt(2 + width / 2);
    return new Radius(measure.value(distance, width), random.nextBoolean(), distance);
  }

  private static boolean isWithin(@Nullable Integer distance, Radius radius) {
    return distance != null && distance + (radius.strict ? 1 : 0) <= radius.distance;
  }

  private static String comparison(Measure measure, Radius radius) {
    return (measure == Measure.SIMILARITY ? ">" : "<") + (radius.strict ? " " : "= ");
  }

  private static Filter filter(Data t, Random random) {
    int n = random.nextInt(100);
    return switch (random.nextInt(7)) {
      case 0 -> new Filter("t." + t.bucket() + " < " + n, row -> row.bucket < n);
      case 1 -> new Filter("t." + t.tag() + " = 'tag3'", row -> "tag3".equals(row.tag));
      case 2 -> new Filter("t." + t.tag() + " IS NULL", row -> row.tag == null);
      case 3 ->
          new Filter("MOD(t." + t.bucket() + ", 7) = " + n % 7, row -> row.bucket % 7 == n % 7);
      default -> new Filter("1 = 1", row -> true);
    };
  }

  /** {@code measure(t.code, q.code)}, in either order of arguments. */
  private static String call(Measure measure, Data q, Data t, Random random) {
    String a = "t." + t.code();
    String b = "q." + q.code();
    return random.nextBoolean()
        ? measure.function + "(" + a + ", " + b + ")"
        : measure.function + "(" + b + ", " + a + ")";
  }

  /** A found row; {@code distance} is null for NULL. */
  private record Hit(Row row, @Nullable Integer distance) {}

  private static List<Hit> nearest(
      Row query,
      Data t,
      Measure measure,
      Filter filter,
      boolean nullsFirst,
      @Nullable Radius radius,
      int k) {
    Comparator<@Nullable Integer> byDistance =
        nullsFirst
            ? Comparator.nullsFirst(Comparator.<Integer>naturalOrder())
            : Comparator.nullsLast(Comparator.<Integer>naturalOrder());
    return t.rows.stream()
        .filter(filter.test)
        .map(row -> new Hit(row, measure.distance(row.code, query.code)))
        .filter(hit -> radius == null || isWithin(hit.distance, radius))
        .sorted(Comparator.comparing(Hit::distance, byDistance).thenComparing(hit -> hit.row.id))
        .limit(k)
        .toList();
  }

  private static Case lateral(Data q, Data t, Random random) {
    Measure measure = measure(t, random);
    Filter filter = filter(t, random);
    Radius radius = random.nextInt(4) == 0 ? radius(measure, t.width, random) : null;
    boolean outer = random.nextInt(3) == 0;
    boolean nullsFirst = random.nextBoolean();
    int k = random.nextInt(8) == 0 ? t.rows.size() + 2 : random.nextInt(6);
    boolean parameter = random.nextBoolean();
    int least = random.nextInt(60); // of the queries' buckets
    List<String> expected = new ArrayList<>();
    for (Row query : q.rows) {
      if (query.bucket < least) {
        continue;
      }
      List<Hit> hits = nearest(query, t, measure, filter, nullsFirst, radius, k);
      for (Hit hit : hits) {
        expected.add(
            query.id
                + "|"
                + hit.row.id
                + "|"
                + hit.row.tag
                + "|"
                + measure.shown(hit.distance, t.width));
      }
      if (hits.isEmpty() && outer) {
        expected.add(query.id + "|null|null|null");
      }
    }
    String call = call(measure, q, t, random);
    String sql =
        "SELECT q.%s, x.i, x.tag, x.d FROM %s AS q %s LATERAL (SELECT t.%s AS i, t.%s AS tag, %s AS d FROM %s AS t WHERE %s%s ORDER BY d %s NULLS %s LIMIT %s) AS x%s WHERE q.%s >= %d"
            .formatted(
                q.id(),
                q.table,
                outer ? "LEFT JOIN" : "CROSS JOIN",
                t.id(),
                t.tag(),
                call,
                t.table,
                filter.sql,
                radius == null
                    ? ""
                    : " AND " + call + " " + comparison(measure, radius) + radius.bound,
                measure == Measure.SIMILARITY ? "DESC" : "ASC",
                nullsFirst ? "FIRST" : "LAST",
                parameter ? "?" : k,
                outer ? " ON TRUE" : "",
                q.bucket(),
                least);
    return new Case(sql, parameter ? List.of(k) : List.of(), expected, false, null);
  }

  private static Case ranked(Data q, Data t, Random random) {
    Measure measure = measure(t, random);
    Filter filter = filter(t, random);
    boolean nullsFirst = random.nextBoolean();
    int k = 1 + random.nextInt(5);
    List<String> expected = new ArrayList<>();
    for (Row query : q.rows) {
      int number = 0;
      for (Hit hit : nearest(query, t, measure, filter, nullsFirst, null, k)) {
        expected.add(
            query.id
                + "|"
                + hit.row.id
                + "|"
                + measure.shown(hit.distance, t.width)
                + "|"
                + ++number);
      }
    }
    String call = call(measure, q, t, random);
    String select =
        "SELECT q.%s AS a, t.%s AS b, %s AS d, ROW_NUMBER() OVER (PARTITION BY q.%s ORDER BY %s %s NULLS %s) AS n FROM %s AS q CROSS JOIN %s AS t WHERE %s"
            .formatted(
                q.id(),
                t.id(),
                call,
                q.id(),
                call,
                measure == Measure.SIMILARITY ? "DESC" : "ASC",
                nullsFirst ? "FIRST" : "LAST",
                q.table,
                t.table,
                filter.sql);
    String sql =
        switch (random.nextInt(3)) {
          case 0 -> select + " QUALIFY n <= " + k;
          case 1 -> "SELECT a, b, d, n FROM (" + select + ") AS s WHERE n < " + (k + 1);
          default -> "SELECT a, b, d, n FROM (" + select + ") AS s WHERE ? >= n";
        };
    return new Case(sql, sql.contains("?") ? List.of(k) : List.of(), expected, false, null);
  }

  private static Case withinRadius(Data q, Data t, Random random) {
    Measure measure = measure(t, random);
    Filter filter = filter(t, random);
    Radius radius = radius(measure, t.width, random);
    boolean outer = random.nextInt(3) == 0;
    boolean ordered = random.nextBoolean();
    boolean parameter = random.nextInt(3) == 0;
    List<String> expected = new ArrayList<>();
    for (Row query : q.rows) {
      boolean found = false;
      for (Row row : t.rows) {
        Integer distance = measure.distance(row.code, query.code);
        if (filter.test.test(row)
            && isWithin(distance, radius)
            && (!ordered || query.bucket < row.bucket)) {
          expected.add(query.id + "|" + row.id + "|" + measure.shown(distance, t.width));
          found = true;
        }
      }
      if (!found && outer) {
        expected.add(query.id + "|null|null");
      }
    }
    String call = call(measure, q, t, random);
    String condition =
        "%s %s%s AND %s%s"
            .formatted(
                call,
                comparison(measure, radius),
                parameter ? "?" : radius.bound,
                filter.sql,
                ordered ? " AND q." + q.bucket() + " < t." + t.bucket() : "");
    String select = "SELECT q." + q.id() + ", t." + t.id() + ", " + call + " FROM ";
    String sql =
        outer
            ? select
                + (random.nextBoolean()
                    ? q.table + " AS q LEFT JOIN " + t.table + " AS t ON " + condition
                    : t.table + " AS t RIGHT JOIN " + q.table + " AS q ON " + condition)
            : select
                + (random.nextBoolean()
                    ? q.table + " AS q JOIN " + t.table + " AS t ON " + condition
                    : t.table + " AS t, " + q.table + " AS q WHERE " + condition);
    String duck =
        measure == Measure.HAMMING && !parameter
            ? sql.replaceAll(
                    "hamming_distance\\((\\S+), (\\S+)\\)",
                    "CAST(bit_count(xor(CAST($1 AS BIT), CAST($2 AS BIT))) AS INTEGER)")
                .replace("bindspace.", "")
            : null;
    return new Case(
        sql,
        parameter ? List.of(radius.bound) : List.of(),
        expected,
        q.rows.size() * t.rows.size() < 20_000,
        duck);
  }

  private static Case smallest(Data q, Data t, Random random) {
    Measure measure = measure(t, random);
    Filter filter = filter(t, random);
    String aggregate = measure == Measure.SIMILARITY ? "MAX(" : "MIN(";
    if (random.nextBoolean() && !q.rows.isEmpty()) {
      byte[] query = q.rows.get(random.nextInt(q.rows.size())).code;
      query = query == null ? new byte[t.width] : query;
      List<Hit> hits = nearest(new Row(0, query, 0, null), t, measure, filter, false, null, 1);
      Integer distance = hits.isEmpty() ? null : hits.getFirst().distance;
      String constant = "X'" + HexFormat.of().withUpperCase().formatHex(query) + "'";
      String sql =
          "SELECT "
              + aggregate
              + measure.function
              + "("
              + constant
              + ", t."
              + t.code()
              + ")) FROM "
              + t.table
              + " AS t WHERE "
              + filter.sql;
      return new Case(sql, List.of(), List.of(measure.shown(distance, t.width)), true, null);
    }
    List<String> expected = new ArrayList<>();
    for (int group = 0; group < 3; group++) {
      int remainder = group;
      List<Hit> hits =
          q.rows.stream()
              .filter(query -> query.bucket % 3 == remainder)
              .flatMap(query -> nearest(query, t, measure, filter, false, null, 1).stream())
              .sorted(
                  Comparator.comparing(
                      Hit::distance, Comparator.nullsLast(Comparator.<Integer>naturalOrder())))
              .toList();
      if (!hits.isEmpty()) {
        expected.add(group + "|" + measure.shown(hits.getFirst().distance, t.width));
      }
    }
    String sql =
        "SELECT MOD(q.%s, 3), %s%s) FROM %s AS q CROSS JOIN %s AS t WHERE %s GROUP BY MOD(q.%s, 3)"
            .formatted(
                q.bucket(),
                aggregate,
                call(measure, q, t, random),
                q.table,
                t.table,
                filter.sql,
                q.bucket());
    return new Case(sql, List.of(), expected, q.rows.size() * t.rows.size() < 20_000, null);
  }

  /** Greatest responses; of several rows with one response that is not positive, any may come. */
  private static Case response(Data t, Random random) {
    Filter filter = filter(t, random);
    byte[] query = new byte[t.width];
    new Random(31L * t.width).nextBytes(query); // the first centre
    boolean nullsFirst = random.nextInt(3) == 0;
    double e = 1 + random.nextInt(1 + t.width * random.nextInt(5));
    double i = e + 1 + random.nextInt(t.width * 4);
    double s = new double[] {0.5, 0, 1, -1}[random.nextInt(4)];
    int k = 1 + random.nextInt(30);
    int offset = random.nextInt(3) == 0 ? random.nextInt(5) : 0;
    record Answer(Hit hit, @Nullable Double response) {}
    Comparator<Double> greatest = Comparator.<Double>naturalOrder().reversed();
    List<Answer> all =
        nearest(
                new Row(0, query, 0, null),
                t,
                Measure.HAMMING,
                filter,
                nullsFirst,
                null,
                t.rows.size())
            .stream()
            .map(hit -> new Answer(hit, response(hit.distance, e, i, s)))
            .sorted(
                Comparator.comparing(
                    Answer::response,
                    nullsFirst ? Comparator.nullsFirst(greatest) : Comparator.nullsLast(greatest)))
            .skip(offset)
            .limit(k)
            .toList();
    boolean positive = s >= 0 && all.stream().allMatch(a -> a.response == null || a.response > 0);
    String constant = "X'" + HexFormat.of().withUpperCase().formatHex(query) + "'";
    String distance = "hamming_distance(" + constant + ", t." + t.code() + ")";
    String sql =
        "SELECT %smexican_hat(%s, %s, %s, %s) AS r FROM %s AS t WHERE %s ORDER BY r DESC NULLS %s LIMIT %d%s"
            .formatted(
                positive ? "t." + t.id() + ", " + distance + " AS d, " : "",
                distance,
                e,
                i,
                s,
                t.table,
                filter.sql,
                nullsFirst ? "FIRST" : "LAST",
                k,
                offset == 0 ? "" : " OFFSET " + offset);
    List<String> expected =
        all.stream()
            .map(a -> (positive ? a.hit.row.id + "|" + a.hit.distance + "|" : "") + a.response)
            .toList();
    return new Case(sql, List.of(), expected, true, null);
  }

  private static @Nullable Double response(
      @Nullable Integer distance, double e, double i, double s) {
    if (distance == null) {
      return null;
    }
    double d = distance;
    return d < e ? 1 - d / e : d < i ? 0.0 - s * (1 - (d - e) / (i - e)) : 0.0;
  }

  /** The nearest of two tables; distances only, since ties between tables come in any order. */
  private static Case union(Data q, Data t, Random random) {
    Filter filter = filter(t, random);
    byte[] query = new byte[t.width];
    random.nextBytes(query);
    int k = 1 + random.nextInt(10);
    int offset = random.nextInt(3) == 0 ? random.nextInt(5) : 0;
    Row row = new Row(0, query, 0, null);
    List<String> expected =
        Stream.concat(
                nearest(row, t, Measure.HAMMING, filter, false, null, k + offset).stream(),
                nearest(row, q, Measure.HAMMING, new Filter("", r -> true), false, null, k + offset)
                    .stream())
            .map(Hit::distance)
            .sorted(Comparator.nullsLast(Comparator.<Integer>naturalOrder()))
            .skip(offset)
            .limit(k)
            .map(String::valueOf)
            .toList();
    String constant = "X'" + HexFormat.of().withUpperCase().formatHex(query) + "'";
    String branch = "SELECT '%s' AS source, hamming_distance(t.%s, %s) AS d FROM %s AS t WHERE %s";
    String sql =
        "SELECT d FROM ("
            + branch.formatted("t", t.code(), constant, t.table, filter.sql)
            + " UNION ALL "
            + branch.formatted("q", q.code(), constant, q.table, "1 = 1")
            + ") AS u ORDER BY d LIMIT "
            + k
            + (offset == 0 ? "" : " OFFSET " + offset);
    return new Case(sql, List.of(), expected, true, null);
  }

  /** Rows around a few centres, with repeated codes so that distances tie. */
  private static List<Row> rows(Random random, int size, int width, int firstId) {
    List<byte[]> centres = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      byte[] centre = new byte[width];
      new Random(31L * width + i).nextBytes(centre); // those of every table of this width
      centres.add(centre);
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      byte[] code = centres.get(random.nextInt(centres.size())).clone();
      for (int flips = random.nextInt(2 + width / 2); flips > 0; flips--) {
        int bit = random.nextInt(width * 8);
        code[bit >> 3] ^= (byte) (1 << (bit & 7));
      }
      boolean absent = firstId == 0 && random.nextInt(10) == 0;
      String tag = random.nextInt(6) == 0 ? null : "tag" + random.nextInt(5);
      int id = firstId == 0 ? i : firstId + 2 * i;
      rows.add(new Row(id, absent ? null : code, random.nextInt(100), tag));
    }
    return rows;
  }

  private static List<LanceFixture.Row> lanceRows(Data data) {
    return data.rows.stream()
        .map(row -> new LanceFixture.Row(row.id, row.code, row.bucket, row.tag))
        .toList();
  }

  private static void fill(Connection engine, Data data) throws SQLException {
    insert(
        engine,
        "INSERT INTO " + data.table + " (addr, fingerprint, qidx, label) VALUES (?, ?, ?, ?)",
        data);
  }

  private static void copy(Data data, Connection duck) throws SQLException {
    String name = data.table.replace("bindspace.", "");
    try (Statement create = duck.createStatement()) {
      create.execute(
          "CREATE TABLE %s (%s INTEGER, %s BLOB, %s INTEGER, %s VARCHAR)"
              .formatted(name, data.id(), data.code(), data.bucket(), data.tag()));
    }
    insert(duck, "INSERT INTO " + name + " VALUES (?, ?, ?, ?)", data);
  }

  private static void insert(Connection connection, String sql, Data data) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Row row : data.rows) {
        insert.setInt(1, row.id);
        insert.setBytes(2, row.code);
        insert.setInt(3, row.bucket);
        insert.setString(4, row.tag);
        insert.addBatch();
      }
      if (!data.rows.isEmpty()) {
        insert.executeBatch();
      }
    }
  }

  private static List<String> run(Connection connection, Case next) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(next.sql)) {
      for (int i = 0; i < next.parameters.size(); i++) {
        statement.setObject(i + 1, next.parameters.get(i));
      }
      try (ResultSet result = statement.executeQuery()) {
        return rows(result);
      }
    }
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return rows(result);
    }
  }

  private static List<String> rows(ResultSet result) throws SQLException {
    List<String> rows = new ArrayList<>();
    while (result.next()) {
      StringBuilder row = new StringBuilder();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        row.append(i == 1 ? "" : "|").append(String.format(Locale.ROOT, "%s", result.getObject(i)));
      }
      rows.add(row.toString());
    }
    return rows;
  }

  private static String plan(Connection connection, Case next) throws SQLException {
    String sql = next.sql;
    for (Object parameter : next.parameters) {
      sql = sql.replaceFirst("\\?", String.valueOf(parameter));
    }
    return String.join("\n", rows(connection, "EXPLAIN PLAN FOR " + sql));
  }

  private static List<String> sorted(List<String> rows) {
    List<String> sorted = new ArrayList<>(rows);
    Collections.sort(sorted);
    return sorted;
  }
}
