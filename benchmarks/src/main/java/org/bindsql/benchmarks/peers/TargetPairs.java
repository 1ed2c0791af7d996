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
import java.util.ArrayList;
import java.util.List;
import org.bindsql.benchmarks.CScan;
import org.bindsql.benchmarks.Turns;
import org.bindsql.benchmarks.peers.DataSet.Kind;

/**
 * What the targets speak of: SQL and the scan in C by turns in one process, the cost of a statement
 * itself, and what an HDR index takes and saves. Prints {@code pair}, name, milliseconds of SQL,
 * milliseconds of C, ratio; {@code value}, name, number; {@code note}, name, why there is none.
 */
final class TargetPairs {
  /** Cache for fingerprints that holds the sketches of 1,000,000 rows, but not their codes. */
  private static final String SMALL_CACHE = "256MB";

  /** Rows of {@code bindspace.surface} that come with it. */
  private static final int VOCABULARY_ROWS = 50;

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

  void run(String table, boolean few) throws Exception {
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
        step(kind.text(), () -> pair(kind.text(), kind, sql.search(exact, 1, 1000), scan));
        step(
            "recall " + kind.text(),
            () -> pair("recall " + kind.text(), kind, sql.search(recall, 1, 1000), scan));
      }
      for (int i = 1; i < FILTERS.length && !few; i++) {
        int filter = FILTERS[i];
        Peer.Search beside = c.search("exact", 1, filter);
        step(
            "filter " + filter,
            () -> pair("filter " + filter, Kind.NEAR, sql.search(exact, 1, filter), beside));
        step(
            "count " + filter,
            () -> value("count " + filter, median(sql.count(exact, filter), Kind.NEAR)));
      }
      if (!few) {
        step("batch", () -> batch(c, exact));
      }
    }
    if (!few) {
      step("overhead", this::overhead);
      step("index", this::index);
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

  private void pair(String name, Kind kind, Peer.Search first, Peer.Search second)
      throws Exception {
    pair(name, Turns.measure(asked(first, kind), asked(second, kind), 2 * nanos, 1), 1);
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
  }

  /**
   * Microseconds of a prepared statement without the scan: on the 50 rows of BindSpace's
   * vocabulary, and on a Lance table of 256 rows, less what C takes for as many rows.
   */
  private void overhead() throws Exception {
    if (set.rows != Generator.BINDSPACE_ROWS) {
      return;
    }
    sql.execute("SET threads = 1");
    sql.execute("SET hdr.recall = 1.0");
    sql.execute("CREATE TABLE small AS SELECT * FROM fps WHERE id < 256");
    overhead(
        "overhead BindSpace",
        "SELECT addr FROM bindspace.surface ORDER BY hamming_distance(fingerprint, ?) LIMIT 10",
        VOCABULARY_ROWS);
    overhead(
        "overhead Lance table",
        "SELECT id FROM small ORDER BY hamming_distance(fp, ?) LIMIT 10",
        256);
  }

  private void overhead(String name, String query, int rows) throws Exception {
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
          Turns.measure(asked(sql.prepare(query), Kind.NEAR), asked(bare, Kind.NEAR), 3 * nanos, 1);
      value(name, (turns.first() - turns.second()) * 1000);
    }
  }

  /** What the index takes, and what a database reads that has it but no room for the codes. */
  private void index() throws Exception {
    if (set.rows == Generator.BINDSPACE_ROWS) {
      return;
    }
    long before = BindSqlPeer.bytes(sql.folder);
    long start = System.nanoTime();
    sql.execute("CREATE INDEX fps_hdr ON fps (fp) USING HDR");
    value("index seconds", (System.nanoTime() - start) / 1e9);
    value("index bytes per row", (double) (BindSqlPeer.bytes(sql.folder) - before) / set.rows);
    sql.close();
    try (Connection cold = BindSqlPeer.connect(sql.folder, ";fingerprint_cache=" + SMALL_CACHE);
        PreparedStatement statement =
            cold.prepareStatement("SELECT id FROM fps ORDER BY hamming_distance(fp, ?) LIMIT 10")) {
      List<Long> shares = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        long read = bytesRead();
        long asked = System.nanoTime();
        statement.setBytes(1, set.query(Kind.NEAR, i));
        SqlIds.read(statement);
        long taken = bytesRead() - read;
        if (i == 0) {
          value("cold first share", (double) taken / set.codes.byteSize());
          value("cold first ms", (System.nanoTime() - asked) / 1e6);
        } else {
          shares.add(taken);
        }
      }
      value(
          "cold share",
          (double) shares.stream().sorted().toList().get(shares.size() / 2) / set.codes.byteSize());
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
