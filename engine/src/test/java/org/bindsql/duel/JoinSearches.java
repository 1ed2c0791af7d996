package org.bindsql.duel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bindsql.duel.Search.Answer;
import org.bindsql.duel.Search.Bound;
import org.jspecify.annotations.Nullable;

/** Random joins by distance: searches of one table for each of some rows of another. */
final class JoinSearches {
  private final DuelTable t;
  private final String source;
  private final DuelTable q;
  private final String queries;
  private final List<Row> queryRows;
  private final Random random;
  private final Measure measure;
  private final Filter filter;

  /** Rows of the queries' table are used from this bucket on. */
  private final int least;

  /**
   * Joins of a table, as it stands in FROM, with queries.
   *
   * @param queryRows the rows of the queries' table, which nobody changes
   * @param pairs about as many rows as may be paired with each other
   */
  JoinSearches(
      DuelTable t,
      String source,
      DuelTable q,
      String queries,
      List<Row> queryRows,
      long pairs,
      long mostPairs,
      Random random) {
    this.t = t;
    this.source = source;
    this.q = q;
    this.queries = queries;
    this.random = random;
    int least = random.nextInt(60);
    if (pairs * (100 - least) / 100 > mostPairs) {
      least = 100 - (int) (100 * mostPairs / pairs);
    }
    this.least = least;
    int from = least;
    this.queryRows = queryRows.stream().filter(row -> row.bucket() >= from).toList();
    this.measure =
        Measure.values()[random.nextInt(t.width() == 2048 ? 3 : 2) * (t.width() == 2048 ? 1 : 2)];
    this.filter = Filter.random(t, random);
  }

  Search next() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> lateral();
      case 3 -> ranked();
      case 4, 5 -> within();
      case 6 -> least();
      default -> union();
    };
  }

  private String call() {
    String a = "t." + t.code();
    String b = "q." + q.code();
    return measure.function
        + (random.nextBoolean() ? "(" + a + ", " + b + ")" : "(" + b + ", " + a + ")");
  }

  private String fromQueries() {
    return queries + " AS q";
  }

  private String chosen() {
    return "q." + q.bucket() + " >= " + least;
  }

  private int radius(Random values) {
    return values.nextInt(6) == 0
        ? values.nextInt(measure.bytes(t.width()) * 8)
        : values.nextInt(2 + t.width() / 2);
  }

  private List<Hit> hits(List<Row> all, Row query, boolean nullsFirst) {
    return Hit.sorted(all, filter.test(), measure, query.code(), nullsFirst);
  }

  private Search lateral() {
    boolean outer = random.nextInt(3) == 0;
    boolean nullsFirst = random.nextBoolean();
    boolean hasRadius = random.nextInt(4) == 0;
    String call = call();
    String sql =
        "SELECT q.%s, x.i, x.n, x.d FROM %s %s LATERAL (SELECT t.%s AS i, t.%s AS n, %s AS d FROM %s AS t WHERE %s%s ORDER BY d %s NULLS %s LIMIT ?) AS x%s WHERE %s"
            .formatted(
                q.id(),
                fromQueries(),
                outer ? "LEFT JOIN" : "CROSS JOIN",
                t.id(),
                t.tag(),
                call,
                source,
                filter.sql(),
                hasRadius ? " AND " + call + " " + measure.within(false) + " ?" : "",
                measure.direction(),
                nullsFirst ? "FIRST" : "LAST",
                outer ? " ON TRUE" : "",
                chosen());
    return new Search(
        sql,
        null,
        values -> {
          int k = values.nextInt(8) == 0 ? values.nextInt(300) : values.nextInt(7);
          int radius = hasRadius ? radius(values) : Integer.MAX_VALUE;
          return new Bound(
              hasRadius ? List.of(measure.value(radius, t.width()), k) : List.of(k),
              all -> {
                List<String> found = new ArrayList<>();
                for (Row query : queryRows) {
                  List<String> hits =
                      hits(all, query, nullsFirst).stream()
                          .filter(hit -> !hasRadius || hit.isWithin(radius))
                          .limit(k)
                          .map(hit -> query.id() + "|" + hit.shown(measure, t.width()))
                          .toList();
                  found.addAll(
                      hits.isEmpty() && outer ? List.of(query.id() + "|null|null|null") : hits);
                }
                return new Answer(found, false, null);
              });
        });
  }

  private Search ranked() {
    boolean nullsFirst = random.nextBoolean();
    String call = call();
    String select =
        "SELECT q.%s AS a, t.%s AS i, t.%s AS n, %s AS d, ROW_NUMBER() OVER (PARTITION BY q.%s ORDER BY %s %s NULLS %s) AS r FROM %s CROSS JOIN %s AS t WHERE %s AND %s"
            .formatted(
                q.id(),
                t.id(),
                t.tag(),
                call,
                q.id(),
                call,
                measure.direction(),
                nullsFirst ? "FIRST" : "LAST",
                fromQueries(),
                source,
                chosen(),
                filter.sql());
    String sql =
        random.nextBoolean()
            ? select + " QUALIFY r <= ?"
            : "SELECT a, i, n, d, r FROM (" + select + ") AS s WHERE ? >= r";
    return new Search(
        sql,
        null,
        values -> {
          int k = 1 + values.nextInt(5);
          return new Bound(
              List.of(k),
              all -> {
                List<String> found = new ArrayList<>();
                for (Row query : queryRows) {
                  int number = 0;
                  for (Hit hit : hits(all, query, nullsFirst).stream().limit(k).toList()) {
                    found.add(query.id() + "|" + hit.shown(measure, t.width()) + "|" + ++number);
                  }
                }
                return new Answer(found, false, null);
              });
        });
  }

  private Search within() {
    boolean outer = random.nextInt(3) == 0;
    boolean further = random.nextBoolean();
    boolean strict = random.nextBoolean();
    String call = call();
    String condition =
        "%s %s ? AND %s%s"
            .formatted(
                call,
                measure.within(strict),
                filter.sql(),
                further ? " AND q." + q.bucket() + " < t." + t.bucket() : "");
    String sql =
        "SELECT q.%s, t.%s, t.%s, %s FROM ".formatted(q.id(), t.id(), t.tag(), call)
            + switch (random.nextInt(2) + (outer ? 2 : 0)) {
              case 0 -> fromQueries() + " JOIN " + source + " AS t ON " + condition + " WHERE ";
              case 1 -> source + " AS t, " + fromQueries() + " WHERE " + condition + " AND ";
              case 2 ->
                  fromQueries() + " LEFT JOIN " + source + " AS t ON " + condition + " WHERE ";
              default ->
                  source + " AS t RIGHT JOIN " + fromQueries() + " ON " + condition + " WHERE ";
            }
            + chosen();
    String duck =
        measure != Measure.HAMMING
            ? null
            : sql.replace(source + " AS t", t.name() + " AS t")
                .replace(queries + " AS q", q.name() + " AS q")
                .replace("?", "$1")
                .replaceAll(
                    "hamming_distance\\((\\S+), (\\S+)\\)",
                    "CAST(bit_count(xor(CAST($1 AS BIT), CAST($2 AS BIT))) AS INTEGER)");
    return new Search(
        sql,
        duck,
        values -> {
          int radius = radius(values);
          return new Bound(
              List.of(measure.value(radius + (strict ? 1 : 0), t.width())),
              all -> {
                List<String> found = new ArrayList<>();
                for (Row query : queryRows) {
                  int before = found.size();
                  for (Row row : all) {
                    Hit hit = new Hit(row, measure.distance(row.code(), query.code()));
                    if (hit.isWithin(radius)
                        && filter.test().test(row)
                        && (!further || query.bucket() < row.bucket())) {
                      found.add(query.id() + "|" + hit.shown(measure, t.width()));
                    }
                  }
                  if (outer && found.size() == before) {
                    found.add(query.id() + "|null|null|null");
                  }
                }
                return new Answer(found, false, null);
              });
        });
  }

  /** The least distance of each group of queries. */
  private Search least() {
    String sql =
        "SELECT MOD(q.%s, 3), %s(%s) FROM %s CROSS JOIN %s AS t WHERE %s AND %s GROUP BY MOD(q.%s, 3)"
            .formatted(
                q.bucket(),
                measure == Measure.SIMILARITY ? "MAX" : "MIN",
                call(),
                fromQueries(),
                source,
                chosen(),
                filter.sql(),
                q.bucket());
    return new Search(
        sql,
        null,
        values ->
            new Bound(
                List.of(),
                all -> {
                  List<String> found = new ArrayList<>();
                  for (int group = 0; group < 3; group++) {
                    int remainder = group;
                    Stream<Hit> hits =
                        queryRows.stream()
                            .filter(query -> query.bucket() % 3 == remainder)
                            .flatMap(query -> hits(all, query, false).stream().limit(1));
                    hits.min(Comparator.comparing(Hit::distance, Measure.nearestFirst(false)))
                        .ifPresent(hit ->
                            found.add(remainder + "|" + measure.shown(hit.distance(), t.width())));
                  }
                  return new Answer(found, false, null);
                }));
  }

  /** The nearest of two tables; distances only, since ties between tables come in any order. */
  private Search union() {
    byte[] query =
        queryRows.stream().map(Row::code).filter(code -> code != null).findFirst().orElse(null);
    String constant = query == null ? Search.literal(new byte[t.width()]) : Search.literal(query);
    byte[] fixed = query == null ? new byte[t.width()] : query;
    String branch = "SELECT hamming_distance(%s, " + constant + ") AS d FROM %s AS %s WHERE %s";
    String sql =
        "SELECT d FROM ("
            + branch.formatted("t." + t.code(), source, "t", filter.sql())
            + " UNION ALL "
            + branch.formatted("q." + q.code(), queries, "q", chosen())
            + ") AS u ORDER BY d LIMIT ? OFFSET ?";
    return new Search(
        sql,
        null,
        values -> {
          int k = values.nextInt(40);
          int offset = values.nextInt(3) == 0 ? values.nextInt(5) : 0;
          return new Bound(
              List.of(k, offset),
              all ->
                  new Answer(
                      Stream.concat(
                              distances(all, filter, fixed),
                              distances(queryRows, Filter.NONE, fixed))
                          .sorted(Measure.nearestFirst(false))
                          .skip(offset)
                          .limit(k)
                          .map(String::valueOf)
                          .toList(),
                      true,
                      null));
        });
  }

  private static Stream<@Nullable Integer> distances(List<Row> rows, Filter filter, byte[] query) {
    return Hit.sorted(rows, filter.test(), Measure.HAMMING, query, false).stream()
        .map(Hit::distance);
  }
}
