package org.bindsql.benchmarks.peers;

import static org.bindsql.benchmarks.peers.DataSet.FILTERS;
import static org.bindsql.benchmarks.peers.DataSet.QUERIES;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bindsql.benchmarks.peers.DataSet.Kind;

/**
 * Runs one peer on one data set and prints lines of fields separated by tabs, which {@link
 * RunPeers} reads; {@code src/main/node/harness.mjs} prints the same.
 *
 * <ul>
 *   <li>{@code version}, text
 *   <li>{@code load}, seconds, bytes per row
 *   <li>{@code case}, mode, threads, kind of query, filter in per mille, queries per call,
 *       milliseconds per query (separated by commas), ids (those of a query separated by commas,
 *       the queries by semicolons)
 *   <li>{@code failed}, mode, threads, kind, filter, queries per call, reason
 *   <li>{@code memory}, largest resident size of the process in bytes, mapped files included
 * </ul>
 */
public final class PeerProcess {
  /** Calls that count at least, however long they take. */
  private static final int FEWEST = 3;

  /** Longest time that a call for all queries may be expected to take, in milliseconds. */
  private static final double LONGEST_BATCH = 20_000;

  private final PrintStream out;
  private final Peer peer;
  private final DataSet set;
  private final long nanos;
  private final long end;

  /** The first two cases are measured however long the rows took to load. */
  private boolean patient;

  private PeerProcess(PrintStream out, Peer peer, DataSet set, long nanos, long seconds) {
    this.out = out;
    this.peer = peer;
    this.set = set;
    this.nanos = nanos;
    this.end = System.nanoTime() + seconds * 1_000_000_000;
  }

  /**
   * Runs a peer.
   *
   * @param args name of the peer, folder of the data set, folder for files that the peer makes,
   *     milliseconds per case, then {@code all}, {@code quick} (no indexes that take minutes) or
   *     {@code few} (no filters, batches and two threads either), and the seconds after which no
   *     case is begun
   */
  public static void main(String[] args) throws Exception {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err); // what libraries print is no result
    try (DataSet set = DataSet.open(Path.of(args[1]));
        Peer peer = peer(args[0], Path.of(args[2]), out)) {
      PeerProcess process =
          new PeerProcess(
              out, peer, set, Long.parseLong(args[3]) * 1_000_000, Long.parseLong(args[5]));
      process.run(args[4].equals("few"), args[4].equals("all"));
    }
    System.exit(0); // whatever threads a peer leaves behind
  }

  private static Peer peer(String name, Path folder, PrintStream out) throws IOException {
    return switch (name) {
      case "c" -> new CPeer(out, 0);
      case "bindsql" -> new BindSqlPeer(folder, out);
      case "lucene" -> new LucenePeer(folder);
      case "duckdb" -> new DuckDbPeer();
      case "sqlite-vec" -> new SqlitePeer();
      case "postgres" -> new PostgresPeer();
      case "usearch" -> new UsearchPeer();
      default -> throw new IllegalArgumentException("no peer " + name);
    };
  }

  private void run(boolean few, boolean graphs) throws Exception {
    out.printf("version\t%s%n", peer.version());
    long start = System.nanoTime();
    double bytes = peer.load(set, graphs && set.rows == Generator.BINDSPACE_ROWS);
    out.printf(Locale.ROOT, "load\t%.3f\t%.1f%n", (System.nanoTime() - start) / 1e9, bytes);
    for (String mode : peer.modes()) {
      patient = mode.equals(peer.modes().getFirst());
      double single = one(new Case(mode, 1, Kind.NEAR, 1000, 1));
      one(new Case(mode, 1, Kind.RANDOM, 1000, 1));
      patient = false;
      if (!few) {
        for (int i = FILTERS.length - 1; i > 0; i--) { // what takes longest comes last
          one(new Case(mode, 1, Kind.NEAR, FILTERS[i], 1));
        }
        one(new Case(mode, 2, Kind.NEAR, 1000, 1));
        one(new Case(mode, 2, Kind.RANDOM, 1000, 1));
        for (int threads = 1; threads <= 2; threads++) {
          many(new Case(mode, threads, Kind.NEAR, 1000, QUERIES), single);
        }
      }
    }
    out.printf("memory\t%d%n", PrivateMemory.field(ProcessHandle.current().pid(), "VmHWM:"));
    if (peer instanceof BindSqlPeer ours) {
      ours.besideC(set, nanos);
    }
  }

  private record Case(String mode, int threads, Kind kind, int filter, int queries) {
    String fields() {
      return String.join("\t", mode, "" + threads, kind.text(), "" + filter, "" + queries);
    }
  }

  /** Measures single queries and returns the median in milliseconds, 0 if it failed. */
  private double one(Case c) {
    try {
      checkTime();
      Peer.Search search = peer.search(c.mode, c.threads, c.filter);
      List<Double> millis = new ArrayList<>();
      int[][] ids = new int[QUERIES][];
      warm(search, c.kind);
      long start = System.nanoTime();
      for (int i = 0; System.nanoTime() - start < nanos || i < FEWEST; i++) {
        byte[] query = set.query(c.kind, i % QUERIES);
        long before = System.nanoTime();
        int[] found = search.run(query);
        millis.add((System.nanoTime() - before) / 1e6);
        ids[i % QUERIES] = found;
      }
      report(c, millis, ids);
      return millis.stream().sorted().toList().get(millis.size() / 2);
    } catch (Exception e) {
      failed(c, e);
      return 0;
    }
  }

  private void checkTime() {
    if (!patient && System.nanoTime() > end) {
      throw new UnsupportedOperationException("not tried: the time for this peer was over");
    }
  }

  /** Searches for a third of the time of a case, at least once. */
  private void warm(Peer.Search search, Kind kind) throws Exception {
    long start = System.nanoTime();
    int i = 0;
    do {
      search.run(set.query(kind, (QUERIES - 1 + i) % QUERIES));
      i++;
    } while (System.nanoTime() - start < nanos / 3);
  }

  private void many(Case c, double single) {
    try {
      checkTime();
      Peer.BatchSearch search = peer.batch(c.mode, c.threads, c.kind);
      if (single * QUERIES > LONGEST_BATCH) {
        throw new UnsupportedOperationException("not tried: one query is too slow");
      }
      List<Double> millis = new ArrayList<>();
      int[][] ids;
      long start = System.nanoTime();
      do {
        long before = System.nanoTime();
        ids = search.run();
        millis.add((System.nanoTime() - before) / 1e6 / QUERIES);
      } while (System.nanoTime() - start < 2 * nanos);
      // The first call warms up where there are more.
      report(c, millis.size() > 1 ? millis.subList(1, millis.size()) : millis, ids);
    } catch (Exception e) {
      failed(c, e);
    }
  }

  private void report(Case c, List<Double> millis, int[][] ids) {
    out.printf(
        "case\t%s\t%s\t%s%n",
        c.fields(),
        millis.stream()
            .map(m -> String.format(Locale.ROOT, "%.5f", m))
            .collect(Collectors.joining(",")),
        Arrays.stream(ids)
            .map(found ->
                found == null
                    ? ""
                    : IntStream.of(found)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(",")))
            .collect(Collectors.joining(";")));
  }

  private void failed(Case c, Exception e) {
    String reason = e.getMessage() == null ? e.toString() : e.getMessage();
    out.printf("failed\t%s\t%s%n", c.fields(), reason.replaceAll("\\s+", " "));
  }
}
