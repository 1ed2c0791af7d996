package org.bindsql.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bindsql.benchmarks.Sections;
import org.bindsql.benchmarks.peers.DataSet.Answers;
import org.bindsql.benchmarks.peers.DataSet.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Makes the data sets, runs each peer on each of them in a process of its own, compares what it
 * found with the true answers, keeps the lines in {@code results/<set>/<peer>.tsv}, and writes the
 * section of {@code RESULTS.md} from all lines that are there.
 */
public final class RunPeers {
  /** All peers, in the order of the tables. */
  static final List<String> PEERS =
      List.of(
          "c",
          "bindsql",
          "usearch",
          "lucene",
          "clickhouse",
          "sqlite-vec",
          "postgres",
          "duckdb",
          "lancedb");

  /** Rows of the data sets. */
  static final List<Integer> SIZES = List.of(65_536, 1_000_000);

  static final List<String> KINDS = List.of("clustered", "uniform", "text");

  private final Path work;
  private final Path node;
  private final boolean quick;

  private RunPeers(Path work, Path node, boolean quick) {
    this.work = work;
    this.node = node;
    this.quick = quick;
  }

  /**
   * Runs peers.
   *
   * @param args the file with the results, the folder for data and lines, the folder of the scripts
   *     for Node, then {@code quick} (65,536 rows and less time only), {@code report} (nothing is
   *     run), and names of peers; all of them where none is named
   */
  public static void main(String[] args) throws Exception {
    List<String> wishes = new ArrayList<>(Arrays.asList(args).subList(3, args.length));
    boolean quick = wishes.remove("quick");
    boolean report = wishes.remove("report");
    if (!PEERS.containsAll(wishes)) {
      throw new IllegalArgumentException("peers are " + PEERS + ", not " + wishes);
    }
    Path work = Path.of(args[1]).resolve(quick ? "quick" : "full");
    if (!report) {
      RunPeers run = new RunPeers(work, Path.of(args[2]), quick);
      for (int rows : quick ? SIZES.subList(0, 1) : SIZES) {
        for (String kind : KINDS) {
          Path folder = Generator.make(Path.of(args[1]).resolve("data"), kind, rows);
          for (String peer : wishes.isEmpty() ? PEERS : wishes) {
            run.measure(peer, folder);
          }
        }
      }
    }
    Sections.replace(Path.of(args[0]), "peers", PeerReport.write(work));
  }

  private void measure(String peer, Path data) throws Exception {
    Path lines = work.resolve("results").resolve(data.getFileName()).resolve(peer + ".tsv");
    Files.createDirectories(lines.getParent());
    List<String> results = new ArrayList<>();
    List<List<String>> commands = commands(peer);
    long start = System.nanoTime();
    try (DataSet set = DataSet.open(data)) {
      Answers truth = set.truth();
      for (List<String> command : commands) {
        Path store = work.resolve("store-" + peer);
        delete(store);
        Files.createDirectories(store);
        run(command, set, truth, store, results);
        delete(store);
      }
    }
    if (commands.isEmpty()) {
      results.add("skipped\t" + missing(peer));
    }
    Files.write(lines, results);
    System.err.printf(
        Locale.ROOT,
        "%-18s %-11s %5.1f s  %s%n",
        data.getFileName(),
        peer,
        (System.nanoTime() - start) / 1e9,
        results.stream()
            .filter(line -> line.startsWith("skipped") || line.startsWith("failed\tprocess"))
            .findFirst()
            .orElse(""));
  }

  private void run(
      List<String> command, DataSet set, Answers truth, Path store, List<String> results)
      throws Exception {
    List<String> all = new ArrayList<>(command);
    boolean few = !set.isMain() && !all.contains("bindsql");
    all.addAll(
        List.of(
            set.folder.toString(),
            store.toString(),
            quick ? "300" : "1200",
            few ? "few" : quick ? "quick" : "all"));
    Process process =
        new ProcessBuilder(all).redirectError(store.resolveSibling("stderr.txt").toFile()).start();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        results.add(line.startsWith("case\t") ? Judge.judge(line, set, truth) : line);
      }
    }
    if (process.waitFor() != 0) {
      List<String> errors = Files.readAllLines(store.resolveSibling("stderr.txt"));
      results.add(
          "failed\tprocess ended with "
              + process.exitValue()
              + ": "
              + errors.stream()
                  .filter(line -> line.contains("Exception") || line.contains("Error"))
                  .findFirst()
                  .orElse(""));
    }
  }

  /** The processes of a peer, none if it cannot run here; the launcher set the properties. */
  private List<List<String>> commands(String peer) {
    if (missing(peer) != null) {
      return List.of();
    }
    return switch (peer) {
      case "clickhouse" -> List.of(List.of("node", node.resolve("clickhouse.mjs").toString()));
      case "lancedb" ->
          List.of(
              List.of("taskset", "-c", "0", "node", node.resolve("lancedb.mjs").toString(), "1"),
              List.of("node", node.resolve("lancedb.mjs").toString(), "2"));
      default -> List.of(java(peer));
    };
  }

  private static List<String> java(String peer) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-Xm"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            PeerProcess.class.getName(),
            peer));
    return command;
  }

  /** Why a peer cannot run here, or null. */
  private static @Nullable String missing(String peer) {
    String property =
        switch (peer) {
          case "clickhouse", "lancedb" -> "node";
          default -> peer;
        };
    String value = System.getProperty(property, "");
    return value.startsWith("no ") ? value : null;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(file);
        }
      }
    }
  }

  /** Turns what a process said of a case into times and recall. */
  private static final class Judge {
    private Judge() {}

    /**
     * {@code case} and its five fields, then milliseconds at the median and at 95 %, recall, and
     * how many calls were made.
     */
    static String judge(String line, DataSet set, Answers truth) {
      String[] fields = line.split("\t", -1);
      double[] millis =
          Arrays.stream(fields[6].split(",")).mapToDouble(Double::parseDouble).sorted().toArray();
      Kind kind = Kind.valueOf(fields[3].toUpperCase(Locale.ROOT));
      int filter = Integer.parseInt(fields[4]);
      boolean all = filter == 1000 && fields[1].startsWith(BindSqlPeer.BINDSPACE);
      int perMille = all ? DataSet.BINDSPACE : filter;
      String[] answers = fields[7].split(";", -1);
      int found = 0;
      int wanted = 0;
      for (int query = 0; query < answers.length; query++) {
        if (!answers[query].isEmpty()) {
          int[] distances = truth.of(kind, query, perMille);
          byte[] code = set.query(kind, query);
          wanted += distances.length;
          found +=
              (int)
                  Arrays.stream(answers[query].split(","))
                      .mapToInt(Integer::parseInt)
                      .distinct()
                      .filter(row -> row >= 0 && row < set.rows && set.passes(row, perMille))
                      .filter(row -> set.distance(row, code) <= distances[distances.length - 1])
                      .count();
        }
      }
      return String.format(
          Locale.ROOT,
          "%s\t%.5f\t%.5f\t%.4f\t%d",
          String.join("\t", Arrays.copyOf(fields, 6)),
          millis[millis.length / 2],
          millis[Math.min(millis.length - 1, (int) (millis.length * 0.95))],
          (double) found / wanted,
          millis.length);
    }
  }
}
