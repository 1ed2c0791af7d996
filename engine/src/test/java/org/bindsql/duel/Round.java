package org.bindsql.duel;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.bindsql.duel.Corpus.Source;
import org.bindsql.duel.Search.Answer;
import org.bindsql.duel.Search.Bound;
import org.jspecify.annotations.Nullable;

/** Searches of the tables of one database, while a writer changes some of them. */
final class Round implements AutoCloseable {
  private static final String[] CACHES = {"1GB", "1GB", "0", "40KB", "400KB"};
  private static final double RECALL = 0.95;
  private static final int DUCK_ROWS = 1_500;

  /** Comparisons of codes that brute force makes for a join. */
  private static final long PAIRS = 40_000;

  private final long seed;
  private final Random random;
  private final Tally tally;
  private final List<Connection> connections = new ArrayList<>();
  private final Connection reference;
  private final Connection part;
  private final Connection changes;
  private final Corpus corpus;
  private final @Nullable Duck duck;
  private volatile boolean done;

  Round(Path folder, long seed, int mostRows, Tally tally) throws SQLException {
    this.seed = seed;
    this.random = new Random(seed);
    this.tally = tally;
    String url =
        "jdbc:bindsql:path=%s;maintenance=%s;durable=false"
            .formatted(folder, random.nextInt(3) == 0 ? "on;maintenance.pause=1" : "off");
    changes = open(url);
    connections.add(open(url));
    connections.add(open(url + ";hdr.first=distance;batch_size=3;threads=1"));
    connections.add(open(url + ";hdr.first=filter;plan_cache=0;threads=3"));
    reference = open(url + ";planner=reference");
    part = open(url + ";hdr.recall=" + RECALL);
    corpus = new Corpus(folder, changes, mostRows, random);
    duck =
        random.nextInt(3) == 0
            ? new Duck(
                corpus.staying().stream()
                    .filter(t -> t.current().rows().size() <= DUCK_ROWS)
                    .toList())
            : null;
    set(CACHES[random.nextInt(CACHES.length)]);
  }

  private static Connection open(String url) throws SQLException {
    return DriverManager.getConnection(url);
  }

  private void set(String cache) throws SQLException {
    try (Statement statement = changes.createStatement()) {
      statement.execute("SET fingerprint_cache = '" + cache + "'");
    }
  }

  /** Runs at least so many cases, a writer beside. */
  void run(int cases) throws SQLException {
    CompletableFuture<@Nullable Void> writing = CompletableFuture.runAsync(this::write);
    long end = tally.cases() + cases;
    try {
      while (tally.cases() < end && !writing.isDone()) {
        if (random.nextInt(30) == 0) {
          transaction();
        } else {
          statement();
        }
      }
    } finally {
      done = true;
      writing.join();
    }
  }

  private void write() {
    Random own = new Random(~seed);
    Writer writer = new Writer(changes, own);
    try {
      while (!done) {
        if (own.nextInt(8) == 0) {
          set(CACHES[own.nextInt(CACHES.length)]);
        }
        DuelTable table = corpus.changing().get(own.nextInt(corpus.changing().size()));
        writer.change(table, corpus.codes(table));
        Thread.sleep(own.nextInt(60));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("writer of seed " + seed + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A table, a view of it, a branch, or one of its versions. */
  private Source source() {
    List<Source> sources = corpus.sources();
    Source source = sources.get(random.nextInt(sources.size()));
    if (source.sql().equals(source.table().name()) && random.nextInt(4) == 0) {
      List<DuelTable.State> versions = source.table().versions();
      if (!versions.isEmpty()) {
        DuelTable.State state = versions.get(random.nextInt(versions.size()));
        String sql = source.sql() + " FOR VERSION AS OF " + state.version();
        return new Source(source.table(), sql, state.rows());
      }
    }
    return source;
  }

  private static List<Row> rows(Source source) {
    List<Row> rows = source.rows();
    return rows == null ? source.table().current().rows() : rows;
  }

  private Search search(Source source) {
    DuelTable t = source.table();
    Codes codes = corpus.codes(t);
    int rows = rows(source).size();
    if (random.nextInt(4) == 0) {
      List<Source> queries =
          corpus.sources().stream()
              .filter(q -> q.table().width() == t.width())
              .filter(q -> q.rows() != null || corpus.staying().contains(q.table()))
              .toList();
      if (!queries.isEmpty()) {
        Source q = queries.get(random.nextInt(queries.size()));
        long pairs = (long) rows * rows(q).size();
        long most = Math.min(PAIRS, (4L << 20) / t.width());
        if (pairs < 100 * most) {
          return new JoinSearches(t, source.sql(), q.table(), q.sql(), rows(q), pairs, most, random)
              .next();
        }
      }
    }
    return random.nextInt(5) == 0
        ? new FunctionSearches(t, source.sql(), codes, random).next()
        : new Searches(t, source.sql(), codes, rows, random).next();
  }

  /** A statement that is prepared once and run a few times. */
  private void statement() throws SQLException {
    Source source = source();
    Search search = search(source);
    Bound first = search.bind().apply(random);
    boolean literals = random.nextInt(4) == 0;
    // A count or a least distance is right or wrong, and says nothing of the share that was found.
    boolean inPart = random.nextInt(4) == 0 && first.answer().apply(List.of()).possible() != null;
    Connection connection = inPart ? part : connections.get(random.nextInt(connections.size()));
    String sql = literals ? search.withLiterals(first.parameters()) : search.sql();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int runs = literals ? 1 + random.nextInt(2) : 1 + random.nextInt(6);
      for (int i = 0; i < runs; i++) {
        Bound bound = i == 0 || literals ? first : search.bind().apply(random);
        List<@Nullable Object> parameters = literals ? List.of() : bound.parameters();
        String what = what(sql, bound);
        int from = source.table().committed();
        List<String> found = run(statement, parameters, what);
        check(source, from, bound, found, inPart, what);
        if (i == 0 && tally.cases() % 10 == 0 && rows(source).size() < 2_000) {
          from = source.table().committed();
          try (PreparedStatement slow = reference.prepareStatement(sql)) {
            found = run(slow, parameters, "reference, " + what);
          }
          check(source, from, bound, found, false, "reference, " + what);
          tally.reference();
        }
        if (duck != null && duck.has(search, source)) {
          check(source, 0, bound, duck.run(search, bound), false, "DuckDB, " + what);
          tally.duck();
        }
      }
    } catch (SQLException e) {
      throw new SQLException(what(sql, first) + ": " + e.getMessage(), e.getSQLState(), e);
    }
  }

  private String what(String sql, Bound bound) {
    return "round of seed %d, case %d: %s with %s"
        .formatted(
            seed, tally.cases(), sql, bound.parameters().stream().map(Search::literal).toList());
  }

  /** Several searches of one table in a transaction: all see the same rows. */
  private void transaction() throws SQLException {
    DuelTable t = corpus.changing().get(0);
    Source source = new Source(t, t.name(), null);
    Connection connection = connections.get(0);
    int from = t.committed();
    connection.setAutoCommit(false);
    try {
      List<DuelTable.State> states = null;
      for (int i = 0; i < 4; i++) {
        Search search = search(source);
        Bound bound = search.bind().apply(random);
        String what = "in a transaction, " + what(search.sql(), bound);
        List<String> found;
        try (PreparedStatement statement = connection.prepareStatement(search.sql())) {
          found = run(statement, bound.parameters(), what);
        } catch (SQLException e) {
          if ("40001".equals(e.getSQLState())) {
            return; // RESTORE was between planning and the transaction's first search
          }
          throw e;
        }
        states = states == null ? t.since(from) : states;
        List<DuelTable.State> fitting =
            states.stream()
                .filter(state -> fits(bound.answer().apply(state.rows()), found))
                .toList();
        if (fitting.isEmpty()) {
          throw differs(bound, states.getFirst().rows(), found, what);
        }
        states = fitting;
        tally.add();
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private void check(
      Source source, int from, Bound bound, List<String> found, boolean inPart, String what) {
    List<Row> known = source.rows();
    List<List<Row>> states =
        known != null
            ? List.of(known)
            : source.table().since(from).stream().map(DuelTable.State::rows).toList();
    for (List<Row> rows : states) {
      Answer answer = bound.answer().apply(rows);
      if (inPart && answer.possible() != null
          ? tally.accepts(answer, found, RECALL)
          : fits(answer, found)) {
        tally.add();
        return;
      }
    }
    throw differs(bound, states.getFirst(), found, what);
  }

  private static boolean fits(Answer answer, List<String> found) {
    return answer.ordered()
        ? answer.rows().equals(found)
        : sorted(answer.rows()).equals(sorted(found));
  }

  private static AssertionError differs(
      Bound bound, List<Row> rows, List<String> found, String what) {
    Answer answer = bound.answer().apply(rows);
    return new AssertionError(
        "%s%nof %d rows%nexpected %s%nfound    %s"
            .formatted(
                what,
                rows.size(),
                answer.ordered() ? answer.rows() : sorted(answer.rows()),
                answer.ordered() ? found : sorted(found)));
  }

  private static List<String> sorted(List<String> rows) {
    List<String> sorted = new ArrayList<>(rows);
    Collections.sort(sorted);
    return sorted;
  }

  static List<String> run(
      PreparedStatement statement, List<@Nullable Object> parameters, String what)
      throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      statement.setObject(i + 1, parameters.get(i));
    }
    try (ResultSet result = statement.executeQuery()) {
      List<String> rows = new ArrayList<>();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          Object value = result.getObject(i);
          row.append(i == 1 ? "" : "|").append(shown(value));
        }
        rows.add(row.toString());
      }
      return rows;
    } catch (SQLException e) {
      throw new SQLException(what + ": " + e.getMessage(), e.getSQLState(), e);
    }
  }

  /** A value as it stands in answers: numbers that are equal read the same. */
  private static String shown(@Nullable Object value) {
    return value instanceof Float || value instanceof Double
        ? Double.toString(((Number) value).doubleValue() + 0.0) // 0.0 for -0.0
        : String.valueOf(value);
  }

  @Override
  public void close() throws SQLException {
    if (duck != null) {
      duck.close();
    }
    for (Connection connection : connections) {
      connection.close();
    }
    reference.close();
    part.close();
    changes.close();
  }
}
