package org.bindsql.duel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.bindsql.duel.Search.Answer;
import org.bindsql.duel.Search.Bound;
import org.bindsql.schema.NeighborBloom;
import org.bindsql.schema.SchemaSidecar;
import org.jspecify.annotations.Nullable;

/** Random searches by the functions {@code hdr_search} and its like. */
final class FunctionSearches {
  private final DuelTable t;
  private final String source;
  private final Codes codes;
  private final Random random;
  private final Measure measure;
  private final Filter filter;

  FunctionSearches(DuelTable t, String source, Codes codes, Random random) {
    this.t = t;
    this.source = source;
    this.codes = codes;
    this.random = random;
    boolean semantic = t.width() == SchemaSidecar.RECORD_BYTES && random.nextBoolean();
    this.measure = semantic ? Measure.SEMANTIC : Measure.HAMMING;
    this.filter = Filter.random(t, random);
  }

  Search next() {
    return switch (random.nextInt(t.width() == SchemaSidecar.RECORD_BYTES ? 7 : 4)) {
      case 0 -> range();
      case 1, 2 -> nearest(false);
      case 3 -> nearest(true);
      case 4, 5 -> bloom();
      default -> rewards();
    };
  }

  /** The rows and the column, the first two arguments of each function. */
  private String data() {
    String query = "(SELECT * FROM " + source + " AS t WHERE " + filter.sql() + ")";
    String data =
        filter == Filter.NONE && !source.contains(" ")
            ? (random.nextBoolean() ? "TABLE " + source : "'" + source.replace("\"", "") + "'")
            : query;
    return data
        + (random.nextBoolean() ? ", '" + t.code() + "'" : ", DESCRIPTOR(" + t.code() + ")");
  }

  private String statement(String function, String arguments, String score, String rest) {
    return "SELECT %s, %s, _distance%s FROM %s(%s, %s%s)%s"
        .formatted(
            t.id(),
            t.tag(),
            score,
            function,
            data(),
            arguments,
            measure == Measure.SEMANTIC ? ", mask => 'semantic'" : "",
            rest);
  }

  private Search range() {
    return new Search(
        statement("hdr_range", "?, ?", "", ""),
        null,
        values -> {
          byte[] query = codes.next(values);
          int radius = values.nextInt(2 + t.width());
          return new Bound(
              List.of(query, radius),
              all -> {
                List<String> hits =
                    hits(all, query).stream()
                        .filter(hit -> hit.isWithin(radius))
                        .map(hit -> hit.shown(measure, t.width()))
                        .toList();
                return new Answer(hits, false, hits);
              });
        });
  }

  /** The k nearest to a query, or to what a key makes of a target. */
  private Search nearest(boolean bind) {
    return new Search(
        bind
            ? statement("hdr_bind_search", "?, ?, ?", "", "")
            : statement("hdr_search", "?, ?", "", ""),
        null,
        values -> {
          byte[] query = codes.next(values);
          byte[] key = new byte[query.length];
          values.nextBytes(key);
          byte[] target = key.clone();
          for (int i = 0; i < target.length; i++) {
            target[i] ^= query[i];
          }
          int k = values.nextInt(60);
          return new Bound(
              bind ? List.of(key, target, k) : List.of(query, k),
              all -> {
                List<String> hits =
                    hits(all, query).stream().map(hit -> hit.shown(measure, t.width())).toList();
                return new Answer(hits.stream().limit(k).toList(), true, hits);
              });
        });
  }

  private Search bloom() {
    return new Search(
        statement("hdr_bloom_search", "?, ?, ?, ?", ", _score", ""),
        null,
        values -> {
          byte[] query = codes.next(values);
          int k = values.nextInt(60);
          long source = values.nextInt(14);
          double bonus = values.nextInt(4) == 0 ? 0 : values.nextDouble();
          return new Bound(
              List.of(query, k, source, bonus),
              all ->
                  best(
                      all,
                      query,
                      k,
                      hit -> {
                        int distance = distance(hit);
                        return isNeighbor(hit, source)
                            ? Math.floor(distance * (1 - bonus))
                            : distance;
                      },
                      hit -> isNeighbor(hit, source) ? 0 : 1,
                      score -> Integer.toString((int) score)));
        });
  }

  private Search rewards() {
    return new Search(
        statement("hdr_rl_search", "?, k => ?, alpha => ?", ", _score", ""),
        null,
        values -> {
          byte[] query = codes.next(values);
          int k = values.nextInt(60);
          double alpha = values.nextInt(4) == 0 ? values.nextInt(2) : values.nextDouble();
          int bits = measure.bytes(t.width()) * 8;
          return new Bound(
              List.of(query, k, alpha),
              all ->
                  best(
                      all,
                      query,
                      k,
                      hit -> (1 - alpha) * distance(hit) / bits + alpha * (1 - bestQ(hit)) / 2,
                      hit -> 0,
                      Double::toString));
        });
  }

  private interface Shown {
    String of(double score);
  }

  /** The k of least score, then least distance, then least rank, then least row key. */
  private Answer best(
      List<Row> all,
      byte[] query,
      int k,
      ToDoubleFunction<Hit> score,
      ToDoubleFunction<Hit> rank,
      Shown shown) {
    record Scored(Hit hit, double score) {}
    List<Scored> scored = new ArrayList<>();
    hits(all, query).forEach(hit -> scored.add(new Scored(hit, score.applyAsDouble(hit))));
    return new Answer(
        scored.stream()
            .sorted(
                Comparator.comparingDouble(Scored::score)
                    .thenComparingInt(row -> distance(row.hit))
                    .thenComparingDouble(row -> rank.applyAsDouble(row.hit)))
            .limit(k)
            .map(row -> row.hit.shown(measure, t.width()) + "|" + shown.of(row.score))
            .toList(),
        true,
        null);
  }

  private List<Hit> hits(List<Row> all, byte[] query) {
    return Hit.sorted(
        all, row -> row.code() != null && filter.test().test(row), measure, query, false);
  }

  private static int distance(Hit hit) {
    Integer distance = hit.distance();
    return distance == null ? 0 : distance;
  }

  private static @Nullable SchemaSidecar sidecar(Hit hit) {
    byte[] code = hit.row().code();
    SchemaSidecar sidecar = code == null ? null : SchemaSidecar.of(code);
    return sidecar != null && sidecar.isPresent() ? sidecar : null;
  }

  private static boolean isNeighbor(Hit hit, long id) {
    SchemaSidecar sidecar = sidecar(hit);
    return sidecar != null && NeighborBloom.mightContain(sidecar, id);
  }

  /** The greatest Q-value as SQL's {@code best_q} gives it, 0 without a schema. */
  private static double bestQ(Hit hit) {
    SchemaSidecar sidecar = sidecar(hit);
    return sidecar == null ? 0 : (float) (sidecar.bestQ() / 127.0);
  }
}
