package org.bindsql.benchmarks.peers;

import static org.bindsql.benchmarks.peers.DataSet.FILTERS;
import static org.bindsql.benchmarks.peers.DataSet.K;
import static org.bindsql.benchmarks.peers.DataSet.QUERIES;
import static org.bindsql.benchmarks.peers.DataSet.WIDTH;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bindsql.benchmarks.CScan;
import org.bindsql.benchmarks.Turns;
import org.bindsql.benchmarks.peers.DataSet.Kind;

/**
 * What the targets speak of: SQL and the scan in C by turns in one process, the cost of a statement
 * itself, and what an HDR index takes and saves. Prints {@code pair}, name, milliseconds of SQL,
 * milliseconds of C, ratio; {@code value}, name, number; {@code note}, name, why there is none.
 */
final class TargetPairs {
  /** Part of the column for which the cache has room: its sketches, but not its codes. */
  private static final int CACHED_PART = 8;

  private static final int COLD_QUERIES = 6;

  /** Rows of {@code bindspace.surface} in a BindSpace where nobody wrote. */
  private static final int VOCABULARY_ROWS = 50;

  /** Queries of a case whose profiles are looked at; the report has the median one. */
  private static final int PROFILED = 7;

  private static final int THREAD_ROUNDS = 9;

  /** Statements of microseconds need longer until they are compiled. */
  private static final long OVERHEAD_NANOS = 6_000_000_000L;

  private final BindSqlPeer sql;
  private final DataSet set;
  private final long nanos;

  TargetPairs(BindSqlPeer sql, DataSet set, long nanos) {
    this.sql = sql;
    this.set = set;
    this.nanos = nanos;
  }

  private interface Step {
    void run() throws Exception;
  }

  void run(String table) throws Exception {
    String exact = sql.modes().getFirst();
    String recall = sql.modes().get(1);
    if (!exact.startsWith(table)) {
      throw new IllegalStateException("unexpected modes " + sql.modes());
    }
    boolean bindspace = table.equals(BindSqlPeer.BINDSPACE);
    try (CPeer c = new CPeer(sql.out, bindspace ? Generator.RESERVED : 0)) {
      c.load(set, false);
      Peer.Search scan = c.search("exact", 1, 1000);
      for (Kind kind : Kind.values()) {
        step(kind.text(), () -> pair(kind.text(), exact, kind, 1000, scan));
        step(
            "recall " + kind.text(), () -> pair("recall " + kind.text(), recall, kind, 1000, scan));
      }
      for (int i = 1; i < FILTERS.length; i++) {
        int filter = FILTERS[i];
        Peer.Search beside = c.search("exact", 1, filter);
        step("filter " + filter, () -> pair("filter " + filter, exact, Kind.NEAR, filter, beside));
        step(
            "count " + filter,
            () -> value("count " + filter, median(sql.count(exact, filter), Kind.NEAR)));
      }
      step("batch", () -> batch(c, exact));
      step("threads", () -> threads(exact));
    }
    if (set.isMain()) {
      step("overhead", this::overhead);
      step("index", this::index);
      step("cold", this::cold);
    }
  }

  private void step(String name, Step step) {
    try {
      step.run();
    } catch (Exception e) {
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      sql.line("note\t%s\t%s", name, reason.replaceAll("\\s+", " "));
    }
  }

  private void value(String name, double number) {
    sql.line("value\t%s\t%.6f", name, number);
  }

  /** Beside the scan in C, and where the time went for some of the queries. */
  private void pair(String name, String mode, Kind kind, int filter, Peer.Search inC)
      throws Exception {
    Turns.Work ours = asked(sql.search(mode, 1, filter), kind);
    pair(name, Turns.measure(ours, asked(inC, kind), 2 * nanos, 1), 1);
    profile(name, sql.profile(mode, filter, queries(kind)));
  }

  /** Those whose profiles are looked at. */
  private List<byte[]> queries(Kind kind) {
    return IntStream.range(0, PROFILED).mapToObj(i -> set.query(kind, i)).toList();
  }

  private void profile(String name, Profile profile) {
    sql.line("profile\t%s\t%s", name, profile.text());
  }

  private void pair(String name, Turns turns, int queries) {
    sql.line(
        "pair\t%s\t%.5f\t%.5f\t%.4f",
        name, turns.first() / queries, turns.second() / queries, turns.ratio());
  }

  /** Asks the queries of a kind one after the other; both sides of a pair ask the same. */
  private Turns.Work asked(Peer.Search search, Kind kind) {
    int[] next = {0};
    return () -> search.run(set.query(kind, next[0]++ % QUERIES)).length;
  }

  private double median(Peer.Search search, Kind kind) throws Exception {
    Turns.Work work = asked(search, kind);
    return Turns.measure(work, () -> work.run(), nanos, 1).first();
  }

  private void batch(CPeer c, String mode) throws Exception {
    Peer.BatchSearch ours = sql.batch(mode, 1, Kind.NEAR);
    Peer.BatchSearch theirs = c.batch("exact", 1, Kind.NEAR);
    pair(
        "batch",
        Turns.measure(() -> ours.run().length, () -> theirs.run().length, 2 * nanos, 1),
        QUERIES);
    profile("batch", sql.profile(mode, Kind.NEAR));
  }

  /** One thread and two, by turns: the same statement before and after the setting changes. */
  private void threads(String mode) throws Exception {
    Peer.Search search = sql.search(mode, 1, 1000);
    Turns.Work work = asked(search, Kind.RANDOM);
    List<Double> gains = new ArrayList<>();
    for (int i = 0; i < THREAD_ROUNDS; i++) {
      sql.execute("SET threads = 1");
      double one = time(work);
      sql.execute("SET threads = 2");
      double two = time(work);
      gains.add(one / two);
    }
    value("threads", gains.stream().sorted().toList().get(gains.size() / 2));
  }

  /** Median of some calls after one that warms up, in milliseconds. */
  private static double time(Turns.Work work) throws Exception {
    List<Double> millis = new ArrayList<>();
    work.run();
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      work.run();
      millis.add((System.nanoTime() - start) / 1e6);
    }
    return millis.stream().sorted().toList().get(millis.size() / 2);
  }

  /**
   * Microseconds of a prepared statement without the scan: on the 50 rows of the vocabulary of an
   * empty BindSpace, and on a Lance table of 256 rows, less what C takes for as many rows.
   */
  private void overhead() throws Exception {
    if (set.rows != Generator.BINDSPACE_ROWS) {
      return;
    }
    try (Connection empty = BindSqlPeer.connect(null, ";threads=1")) {
      overhead(
          "overhead BindSpace",
          empty,
          "SELECT addr FROM bindspace.surface ORDER BY hamming_distance(fingerprint, ?) LIMIT 10",
          VOCABULARY_ROWS);
    }
    sql.execute("CREATE TABLE small AS SELECT * FROM fps WHERE id < 256");
    try (Connection connection = BindSqlPeer.connect(sql.folder, ";threads=1")) {
      overhead(
          "overhead Lance table",
          connection,
          "SELECT id FROM small ORDER BY hamming_distance(fp, ?) LIMIT 10",
          256);
    }
  }

  private void overhead(String name, Connection connection, String query, int rows)
      throws Exception {
    CScan scan = CScan.compile().orElseThrow();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment codes = arena.allocate((long) rows * WIDTH, 64);
      codes.copyFrom(set.codes.asSlice(0, codes.byteSize()));
      MemorySegment memory = arena.allocate(WIDTH, 64);
      Peer.Search bare =
          code -> {
            memory.copyFrom(MemorySegment.ofArray(code));
            return new int[scan.top(memory, codes, WIDTH, MemorySegment.NULL, K).size()];
          };
      Turns turns =
          Turns.measure(
              asked(BindSqlPeer.prepare(connection, query), Kind.NEAR),
              asked(bare, Kind.NEAR),
              OVERHEAD_NANOS,
              1);
      value(name, (turns.first() - turns.second()) * 1000);
      profile(name, Profile.run(connection, query, queries(Kind.NEAR)));
    }
  }

  /** What the index takes, once the column is in memory. */
  private void index() throws Exception {
    if (set.rows == Generator.BINDSPACE_ROWS) {
      return;
    }
    long before = BindSqlPeer.bytes(sql.folder);
    long start = System.nanoTime();
    sql.execute("CREATE INDEX fps_hdr ON fps (fp) USING HDR");
    value("index seconds", (System.nanoTime() - start) / 1e9);
    value("index bytes per row", (double) (BindSqlPeer.bytes(sql.folder) - before) / set.rows);
  }

  private void cold() throws Exception {
    if (set.rows == Generator.BINDSPACE_ROWS) {
      return;
    }
    sql.close();
    cold("cold recall", BindSqlPeer.RECALL);
    cold("cold exact", 1);
  }

  /**
   * Shares of the column's bytes that a database reads whose cache has room for the sketches, but
   * not for the codes: its first query, then the median of others.
   */
  private void cold(String name, double recall) throws Exception {
    String cache = (set.codes.byteSize() / CACHED_PART >> 20) + "MB";
    String query = "SELECT id FROM fps ORDER BY hamming_distance(fp, ?) LIMIT 10";
    try (Connection cold =
            BindSqlPeer.connect(sql.folder, ";threads=1;fingerprint_cache=" + cache);
        Statement settings = cold.createStatement();
        PreparedStatement statement = cold.prepareStatement(query)) {
      settings.execute("SET hdr.recall = " + recall);
      List<Long> bytes = new ArrayList<>();
      for (int i = 0; i < COLD_QUERIES; i++) {
        long read = bytesRead();
        statement.setBytes(1, set.query(Kind.NEAR, i));
        SqlIds.read(statement);
        bytes.add(bytesRead() - read);
      }
      value(name + " first", (double) bytes.removeFirst() / set.codes.byteSize());
      bytes.sort(null);
      value(name, (double) bytes.get(bytes.size() / 2) / set.codes.byteSize());
      profile(name, Profile.run(cold, query, queries(Kind.NEAR)));
    }
  }

  /** Bytes that this process has read from files so far, those in the page cache too. */
  private static long bytesRead() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/io")).stream()
        .filter(line -> line.startsWith("rchar:"))
        .mapToLong(line -> Long.parseLong(line.substring(6).strip()))
        .findFirst()
        .orElseThrow();
  }
}
