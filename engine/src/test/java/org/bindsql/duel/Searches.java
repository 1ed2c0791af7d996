package org.bindsql.duel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.bindsql.duel.Search.Answer;
import org.bindsql.duel.Search.Bound;
import org.jspecify.annotations.Nullable;

/** Random searches of one table for one code. */
final class Searches {
  private final DuelTable t;
  private final String source;
  private final Codes codes;
  private final Random random;
  private final int rows;

  /**
   * Searches of a table.
   *
   * @param source the table in FROM: its name, that of a view of it, or a version of it
   * @param rows about as many as there are
   */
  Searches(DuelTable t, String source, Codes codes, int rows, Random random) {
    this.t = t;
    this.source = source;
    this.codes = codes;
    this.rows = rows;
    this.random = random;
  }

  Search next() {
    return switch (random.nextInt(12)) {
      case 0, 1 -> within();
      case 2 -> count();
      case 3 -> least();
      case 4 -> response();
      default -> nearest();
    };
  }

  private Measure measure() {
    return t.width() == 2048
        ? Measure.values()[random.nextInt(3)]
        : random.nextInt(3) == 0 ? Measure.SIMILARITY : Measure.HAMMING;
  }

  /** {@code measure(t.code, ?)}, in either order of arguments. */
  private String call(Measure measure) {
    String column = "t." + t.code();
    return measure.function
        + (random.nextBoolean() ? "(" + column + ", ?)" : "(?, " + column + ")");
  }

  private static String duckCall(DuelTable t) {
    return "CAST(bit_count(xor(CAST(t." + t.code() + " AS BIT), CAST($1 AS BIT))) AS INTEGER)";
  }

  private byte @Nullable [] query(Random values) {
    return values.nextInt(40) == 0 ? null : codes.next(values);
  }

  /** 0, 1, few, or about as many as there are rows. */
  private int limit(Random values) {
    return switch (values.nextInt(8)) {
      case 0 -> values.nextInt(3);
      case 1 -> Math.max(0, rows - 2 + values.nextInt(5));
      case 2 -> values.nextInt(rows + 5);
      default -> 1 + values.nextInt(25);
    };
  }

  private int radius(Measure measure, Random values) {
    int bits = measure.bytes(t.width()) * 8;
    return switch (values.nextInt(5)) {
      case 0 -> values.nextInt(bits + 2) - 1;
      case 1 -> bits / 2 + values.nextInt(9) - 4;
      default -> values.nextInt(2 + t.width() / 2);
    };
  }

  /** The k nearest, within a radius or not. */
  private Search nearest() {
    Measure measure = measure();
    Filter filter = Filter.random(t, random);
    boolean hasRadius = random.nextInt(6) == 0;
    boolean strict = random.nextBoolean();
    boolean hasOffset = random.nextInt(4) == 0;
    boolean nullsFirst = random.nextBoolean();
    String rank = " %s NULLS %s".formatted(measure.direction(), nullsFirst ? "FIRST" : "LAST");
    String columns = "t.%s AS i, t.%s AS n, %s AS d".formatted(t.id(), t.tag(), call(measure));
    String from = " FROM " + source + " AS t WHERE " + filter.sql();
    String sql =
        switch (hasRadius ? 2 : random.nextInt(4)) {
          case 0 -> "SELECT " + columns + from + " ORDER BY d" + rank;
          case 1 -> "SELECT " + columns + from + " ORDER BY 3" + rank;
          case 2 ->
              "SELECT i, n, d FROM (SELECT "
                  + columns
                  + from
                  + ") AS s"
                  + (hasRadius ? " WHERE d " + measure.within(strict) + " ?" : "")
                  + " ORDER BY d"
                  + rank;
          default ->
              "WITH t AS (SELECT * FROM %s AS t WHERE %s) SELECT %s FROM t ORDER BY d"
                      .formatted(source, filter.sql(), columns)
                  + rank;
        };
    sql += " LIMIT ?" + (hasOffset ? " OFFSET ?" : "");
    String duck =
        measure != Measure.HAMMING || hasRadius
            ? null
            : "SELECT t.%s, t.%s, %s AS d FROM %s AS t WHERE %s ORDER BY d%s, t.pos LIMIT $2%s"
                .formatted(
                    t.id(),
                    t.tag(),
                    duckCall(t),
                    t.name(),
                    filter.sql(),
                    rank,
                    hasOffset ? " OFFSET $3" : "");
    return new Search(
        sql,
        duck,
        values -> {
          byte[] query = query(values);
          int k = limit(values);
          int offset = hasOffset ? values.nextInt(rows + 2) : 0;
          int radius = hasRadius ? radius(measure, values) : Integer.MAX_VALUE;
          List<@Nullable Object> parameters = new ArrayList<>();
          parameters.add(query);
          if (hasRadius) {
            parameters.add(measure.value(radius + (strict ? 1 : 0), t.width()));
          }
          parameters.add(k);
          if (hasOffset) {
            parameters.add(offset);
          }
          return new Bound(
              parameters,
              all -> {
                List<String> hits =
                    Hit.sorted(all, filter.test(), measure, query, nullsFirst).stream()
                        .filter(hit -> !hasRadius || hit.isWithin(radius))
                        .map(hit -> hit.shown(measure, t.width()))
                        .toList();
                return new Answer(hits.stream().skip(offset).limit(k).toList(), true, hits);
              });
        });
  }

  /** All within a radius, sorted or not. */
  private Search within() {
    Measure measure = measure();
    Filter filter = Filter.random(t, random);
    boolean strict = random.nextBoolean();
    boolean between = random.nextInt(3) == 0;
    boolean sorted = random.nextBoolean();
    String condition =
        between
            ? (measure == Measure.SIMILARITY ? "BETWEEN ? AND 1" : "BETWEEN 0 AND ?")
            : measure.within(strict) + " ?";
    String sql =
        "SELECT i, n, d FROM (SELECT t.%s AS i, t.%s AS n, %s AS d FROM %s AS t WHERE %s) AS s WHERE d %s%s"
            .formatted(
                t.id(),
                t.tag(),
                call(measure),
                source,
                filter.sql(),
                condition,
                sorted ? " ORDER BY d " + measure.direction() + ", i DESC" : "");
    String duck =
        measure != Measure.HAMMING || between
            ? null
            : "SELECT i, n, d FROM (SELECT t.%s AS i, t.%s AS n, %s AS d FROM %s AS t WHERE %s) AS s WHERE d %s $2 ORDER BY d, i DESC"
                .formatted(
                    t.id(), t.tag(), duckCall(t), t.name(), filter.sql(), measure.within(strict));
    return new Search(
        sql,
        duck,
        values -> {
          byte[] query = query(values);
          int radius = radius(measure, values);
          Number bound = measure.value(radius + (strict && !between ? 1 : 0), t.width());
          return new Bound(
              Arrays.asList(query, bound),
              all -> {
                List<String> hits =
                    all.stream()
                        .filter(filter.test())
                        .map(row -> new Hit(row, measure.distance(row.code(), query)))
                        .filter(hit -> hit.isWithin(radius))
                        .sorted(
                            Comparator.comparing(Hit::distance, Measure.nearestFirst(false))
                                .thenComparing(hit -> -hit.row().id()))
                        .map(hit -> hit.shown(measure, t.width()))
                        .toList();
                return new Answer(hits, sorted, hits);
              });
        });
  }

  private Search count() {
    Measure measure = measure();
    Filter filter = Filter.random(t, random);
    String sql =
        "SELECT COUNT(*) FROM %s AS t WHERE %s AND %s %s ?"
            .formatted(source, filter.sql(), call(measure), measure.within(false));
    String duck =
        "SELECT COUNT(*) FROM %s AS t WHERE %s AND %s <= $2"
            .formatted(t.name(), filter.sql(), duckCall(t));
    return new Search(
        sql,
        measure == Measure.HAMMING ? duck : null,
        values -> {
          byte[] query = query(values);
          int radius = radius(measure, values);
          return new Bound(
              Arrays.asList(query, measure.value(radius, t.width())),
              all ->
                  only(
                      Hit.sorted(all, filter.test(), measure, query, true).stream()
                          .filter(hit -> hit.isWithin(radius))
                          .count()));
        });
  }

  /** The least distance alone. */
  private Search least() {
    Measure measure = measure();
    Filter filter = Filter.random(t, random);
    String sql =
        "SELECT %s(%s) FROM %s AS t WHERE %s"
            .formatted(
                measure == Measure.SIMILARITY ? "MAX" : "MIN", call(measure), source, filter.sql());
    String duck =
        "SELECT MIN(%s) FROM %s AS t WHERE %s".formatted(duckCall(t), t.name(), filter.sql());
    return new Search(
        sql,
        measure == Measure.HAMMING ? duck : null,
        values -> {
          byte[] query = query(values);
          return new Bound(
              Arrays.asList(new Object[] {query}),
              all ->
                  only(
                      Hit.sorted(all, filter.test(), measure, query, false).stream()
                          .findFirst()
                          .map(hit -> measure.shown(hit.distance(), t.width()))
                          .orElse("null")));
        });
  }

  /**
   * The greatest responses; rows of equal responses that are not positive may come in any order.
   */
  private Search response() {
    Filter filter = Filter.random(t, random);
    boolean nullsFirst = random.nextInt(3) == 0;
    double e = 1 + random.nextInt(1 + t.width() * random.nextInt(5));
    double i = e + 1 + random.nextInt(t.width() * 4);
    double s = new double[] {0.5, 0, 1, -1}[random.nextInt(4)];
    String sql =
        "SELECT mexican_hat(%s, %s, %s, %s) AS r FROM %s AS t WHERE %s ORDER BY r DESC NULLS %s LIMIT ?"
            .formatted(
                call(Measure.HAMMING),
                e,
                i,
                s,
                source,
                filter.sql(),
                nullsFirst ? "FIRST" : "LAST");
    Comparator<Double> greatest = Comparator.<Double>naturalOrder().reversed();
    return new Search(
        sql,
        null,
        values -> {
          byte[] query = query(values);
          int k = limit(values);
          return new Bound(
              Arrays.asList(query, k),
              all ->
                  new Answer(
                      Hit.sorted(all, filter.test(), Measure.HAMMING, query, nullsFirst).stream()
                          .map(hit -> response(hit.distance(), e, i, s))
                          .sorted(
                              nullsFirst
                                  ? Comparator.nullsFirst(greatest)
                                  : Comparator.nullsLast(greatest))
                          .limit(k)
                          .map(String::valueOf)
                          .toList(),
                      true,
                      null));
        });
  }

  private static @Nullable Double response(
      @Nullable Integer distance, double e, double i, double s) {
    if (distance == null) {
      return null;
    }
    double d = distance;
    return d < e ? 1 - d / e : d < i ? 0.0 - s * (1 - (d - e) / (i - e)) : 0.0;
  }

  static Answer only(Object value) {
    return new Answer(List.of(String.valueOf(value)), true, null);
  }
}
