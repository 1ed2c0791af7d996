package org.bindsql.benchmarks.peers;

import static org.bindsql.benchmarks.peers.DataSet.Kind.NEAR;
import static org.bindsql.benchmarks.peers.DataSet.Kind.RANDOM;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bindsql.benchmarks.Machine;
import org.bindsql.benchmarks.peers.Measured.Times;
import org.jspecify.annotations.Nullable;

/** Writes the tables of everything that was measured. */
final class PeerReport {
  /** Where so many queries were not asked, the tables say how many. */
  private static final int FEW = 20;

  private final StringBuilder report = new StringBuilder();
  private final List<Measured> all;

  private final Scope scope;

  private PeerReport(List<Measured> all, Scope scope) {
    this.all = all;
    this.scope = scope;
  }

  /** The section of the peers. */
  static String write(Path work, Scope scope) throws IOException {
    PeerReport report = new PeerReport(Measured.read(work.resolve("results"), scope), scope);
    report.head();
    report.report.append(new Targets(report.all, work, scope).table());
    for (int rows : scope.sizes) {
      for (String kind : RunPeers.KINDS) {
        report.tables(kind + "-" + rows);
      }
    }
    report.limits();
    return report.report.toString();
  }

  private void head() throws IOException {
    report.append(
        """
        ## Peers

        Written by `benchmarks/run-peers`; do not edit this section.

        %s%s
        The ten nearest of rows of 2,048 bytes by Hamming distance. Every peer reads the same files and runs in a process
        of its own, one after the other; BindSQL is used through JDBC in its process, SQL included. Times are milliseconds
        per query: median / 95 %%, with (n) where fewer than 20 queries were asked, for they take long. Recall is the share of the true ten (by brute force) that was found; an exact mode that
        is not 1.00 would be wrong. "Near" queries are changed members of the set, "random" ones are unrelated to it. The
        memory is the most that a process has of its own while it loads and searches (looked at twice a second), its
        runtime included, then with the pages of the files that it maps. Bytes per row are those of what the peer keeps, in memory or in its files.

        Data: %s.

        """
            .formatted(
                Machine.describe(),
                scope == Scope.FULL ? "" : "* A run with `" + scope.folder() + "`\n",
                "uniform random rows; clustered rows (1,000 random centres, each bit changed with a"
                    + " probability between 0.02 and 0.30 per row, every tenth row uniform); text"
                    + " fingerprints (`text_fingerprint`) of the members, strings and uses in the"
                    + " classes of the JDK. Near queries have 1.2, 5.1, 10.2 or 19.9 % of the bits"
                    + " changed, or are the text without punctuation, packages and last letter"));
  }

  private void tables(String set) {
    List<Measured> peers =
        all.stream().filter(m -> m.set().equals(set) && !m.modes().isEmpty()).toList();
    if (peers.isEmpty()) {
      return;
    }
    String[] name = set.split("-");
    report.append(
        """
        ### %s, %,d rows

        | peer | mode | near | random | near, 2 threads | per query of a batch of 64 | the same, 2 threads | recall near / random | bytes per row | peak MB | load s |
        |---|---|---|---|---|---|---|---|---|---|---|
        """
            .formatted(
                name[0].equals("text") ? "Text fingerprints" : capital(name[0]),
                Integer.parseInt(name[1])));
    for (Measured peer : peers) {
      for (String mode : peer.modes()) {
        Times near = peer.times(mode, 1, NEAR, 1000, 1);
        Times random = peer.times(mode, 1, RANDOM, 1000, 1);
        line(
            peer.text(1, "version"),
            mode,
            both(near),
            both(random),
            both(peer.times(mode, 2, NEAR, 1000, 1)),
            one(peer.times(mode, 1, NEAR, 1000, 64)),
            one(peer.times(mode, 2, NEAR, 1000, 64)),
            recall(near) + " / " + recall(random),
            peer.number(2, "load").isEmpty() ? "-" : "%,.0f".formatted(peer.largest(2, "load")),
            "%,.0f / %,.0f"
                .formatted(peer.largest(2, "memory") / 1e6, peer.largest(1, "memory") / 1e6),
            peer.number(1, "load").isEmpty() ? "-" : "%,.1f".formatted(peer.largest(1, "load")));
      }
    }
    report.append('\n');
    peers.stream()
        .filter(peer -> peer.peer().equals("c"))
        .forEach(peer ->
            report.append(
                "Memory read at %s GB/s by one thread and %s GB/s by two.%n%n"
                    .formatted(peer.text(2, "bandwidth", "1"), peer.text(2, "bandwidth", "2"))));
    filters(peers);
  }

  private void filters(List<Measured> peers) {
    boolean any =
        peers.stream()
            .anyMatch(
                peer -> peer.modes().stream().anyMatch(m -> peer.times(m, 1, NEAR, 10, 1) != null));
    if (!any) {
      return;
    }
    report.append(
        """
        With filters, near queries, one thread; ms at the median, and recall where it is not 1.00. C gets the rows that pass
        beforehand, everybody else evaluates the filter.

        | peer | mode | 100 % | 50 % | 10 % | 1 % | 0.1 % |
        |---|---|---|---|---|---|---|
        """);
    for (Measured peer : peers) {
      for (String mode : peer.modes()) {
        if (peer.times(mode, 1, NEAR, 10, 1) != null) {
          line(
              Arrays.stream(DataSet.FILTERS)
                  .mapToObj(filter -> withRecall(peer.times(mode, 1, NEAR, filter, 1)))
                  .collect(
                      Collectors.collectingAndThen(
                          Collectors.toList(),
                          cells -> {
                            cells.addFirst(mode);
                            cells.addFirst(peer.text(1, "version"));
                            return cells.toArray(String[]::new);
                          })));
        }
      }
    }
    report.append('\n');
  }

  private void limits() {
    report.append(
        """
        ### Not measured, and limits met

        """);
    all.stream()
        .filter(m -> !m.text(1, "skipped").isEmpty())
        .map(m -> "* " + m.peer() + ": " + m.text(1, "skipped"))
        .distinct()
        .forEach(line -> report.append(line).append('\n'));
    all.stream()
        .flatMap(m ->
            m.lines().stream()
                .filter(line -> line[0].equals("failed"))
                .map(line ->
                    line.length == 2
                        ? "* " + m.peer() + ", " + m.set() + ": " + line[1]
                        : "* " + m.peer() + ", " + line[1] + ", " + what(line) + ": " + line[6]))
        .distinct()
        .forEach(line -> report.append(line).append('\n'));
    report.append(
        """
        * usearch: its JavaScript refuses packed bits (`length % dimensions`), so its C interface is built from the sources
          in the npm package, with its kernels for this processor
        * sqlite-vec: its virtual table refuses 16,384 bits ("maximum 8192"), so its scalar function is used
        * Lucene: bit vectors end at 1,024 bytes by default; a format with another limit is wrapped around
        * DuckDB: one row group (122,880 rows) is one task, so 65,536 rows never use two threads
        * LanceDB: its process is bound to one processor for one thread; its search for many vectors in one call took
          9 GB of memory for 64 queries over 65,536 rows, and no less time per query, so it is left out
        * PostgreSQL: its column is stored plain; the memory is that of the client and the server's processes, with
          3 GB of shared buffers
        * FAISS: measured where the Python of this machine has it; Debian's build has no instruction for counting bits
        * graphs and lists (HNSW, IVF) are built on the clustered set of 65,536 rows only; filters and batches of peers
          are measured on clustered sets
        * Elasticsearch, Milvus, Vespa: servers that no package of Maven or npm brings along; hnswlib and Qdrant have no
          Hamming distance of bits; zvec (npm) has none in its interface
        """);
  }

  /** What a line of a failed case was about. */
  private static String what(String[] line) {
    if (!line[5].equals("1")) {
      return "batch";
    }
    return line[4].equals("1000") ? line[2] + " threads" : "filter";
  }

  private void line(String... cells) {
    report.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  static String millis(double value) {
    String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }

  private static String both(@Nullable Times times) {
    return times == null
        ? "-"
        : millis(times.median())
            + " / "
            + millis(times.p95())
            + (times.calls() < FEW ? " (" + times.calls() + ")" : "");
  }

  private static String one(@Nullable Times times) {
    return times == null ? "-" : millis(times.median());
  }

  private static String recall(@Nullable Times times) {
    return times == null
        ? "-"
        : String.format(Locale.ROOT, "%.2f", Math.floor(times.recall() * 100) / 100);
  }

  private static String withRecall(@Nullable Times times) {
    return times == null
        ? "-"
        : millis(times.median()) + (times.recall() < 1 ? " (" + recall(times) + ")" : "");
  }
}
