package org.bindsql.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bindsql.benchmarks.Sections;
import org.bindsql.benchmarks.peers.DataSet.Answers;
import org.jspecify.annotations.Nullable;

/**
 * Makes the data sets, runs each peer on each of them in a process of its own, compares what it
 * found with the true answers, keeps the lines in {@code results/<set>/<peer>.tsv} as they come,
 * and after each process writes the section of {@code RESULTS.md} from all lines that are there.
 */
public final class RunPeers {
  /** All peers, in the order of the tables. */
  static final List<String> PEERS =
      List.of(
          "c",
          "bindsql",
          "usearch",
          "faiss",
          "lucene",
          "clickhouse",
          "sqlite-vec",
          "postgres",
          "duckdb",
          "lancedb");

  /** Measured on all sets before anybody else is, for the targets need them. */
  static final List<String> FIRST = PEERS.subList(0, 2);

  static final List<String> KINDS = List.of("clustered", "uniform", "text");

  /** Last line of a process that came to its end. */
  private static final String DONE = "done";

  /** Seconds after which a process begins no further case; it is ended some time after that. */
  private static final int PEER_SECONDS = 90;

  private static final int FEW_SECONDS = 45;

  private static final int OUR_SECONDS = 300;
  private static final int PATIENCE_SECONDS = 45;

  private final Path results;
  private final Path work;
  private final Path node;
  private final Scope scope;
  private final boolean resume;
  private final long end;
  private volatile @Nullable Process running;

  private RunPeers(
      Path results, Path work, Path node, Scope scope, boolean resume, double minutes) {
    this.results = results;
    this.work = work.resolve(scope.folder());
    this.node = node;
    this.scope = scope;
    this.resume = resume;
    this.end = System.nanoTime() + (long) (minutes * 60e9);
  }

  /**
   * Runs peers.
   *
   * @param args the file with the results, the folder for data and lines, the folder of the scripts
   *     for Node, then {@code quick} or {@code trial} (see {@link Scope}), {@code report} (nothing
   *     is run), {@code resume} (what a run before measured to its end is kept), {@code minutes=N}
   *     (after which nothing is begun), {@code set=NAME} (only this data set), and names of peers;
   *     all of them where none is named
   */
  public static void main(String[] args) throws Exception {
    List<String> wishes = new ArrayList<>(Arrays.asList(args).subList(3, args.length));
    boolean report = wishes.remove("report");
    boolean resume = wishes.remove("resume");
    Scope scope =
        wishes.remove("trial") ? Scope.TRIAL : wishes.remove("quick") ? Scope.QUICK : Scope.FULL;
    double minutes = Double.parseDouble(option(wishes, "minutes", "" + scope.minutes));
    String only = option(wishes, "set", "");
    if (!PEERS.containsAll(wishes)) {
      throw new IllegalArgumentException("peers are " + PEERS + ", not " + wishes);
    }
    Path work = Path.of(args[1]);
    RunPeers run =
        new RunPeers(
            scope == Scope.TRIAL ? work.resolve("trial/RESULTS.md") : Path.of(args[0]),
            work,
            Path.of(args[2]),
            scope,
            resume,
            minutes);
    if (!report) {
      run.all(work.resolve("data"), wishes.isEmpty() ? PEERS : wishes, only);
    }
    run.report();
  }

  /** Takes {@code name=value} out of the wishes and returns the value. */
  private static String option(List<String> wishes, String name, String otherwise) {
    for (String wish : wishes) {
      if (wish.startsWith(name + "=")) {
        wishes.remove(wish);
        return wish.substring(name.length() + 1);
      }
    }
    return otherwise;
  }

  private void report() throws IOException {
    Sections.replace(results, "peers", PeerReport.write(work, scope));
  }

  /** Ourselves and C on all sets, then the others, those sets first where they do everything. */
  private void all(Path data, List<String> peers, String only) throws Exception {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              Process process = running;
              if (process != null) {
                end(process); // who ends this ends that
              }
            }));
    if (peers.equals(PEERS) && only.isEmpty() && !resume) {
      delete(work.resolve("results"));
    }
    List<Path> main = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    for (String kind : KINDS) {
      for (int rows : scope.sizes) {
        if (!only.isEmpty() && !only.equals(kind + "-" + rows)) {
          continue;
        }
        Path set = Generator.make(data, kind, rows);
        (kind.equals(KINDS.getFirst()) ? main : others).add(set);
      }
    }
    List<Path> sets = Stream.concat(main.stream(), others.stream()).toList();
    List<String> rest = peers.stream().filter(peer -> !FIRST.contains(peer)).toList();
    for (Path set : sets) {
      for (String peer : FIRST) {
        if (peers.contains(peer)) {
          measure(peer, set);
        }
      }
    }
    for (Path set : sets) {
      for (String peer : rest) {
        measure(peer, set);
      }
    }
  }

  private void measure(String peer, Path data) throws Exception {
    Path lines = work.resolve("results").resolve(data.getFileName()).resolve(peer + ".tsv");
    if (resume && Files.exists(lines) && Files.readAllLines(lines).contains(DONE)) {
      return;
    }
    Files.createDirectories(lines.getParent());
    long start = System.nanoTime();
    String note = "";
    try (DataSet set = DataSet.open(data);
        PrintWriter to = new PrintWriter(Files.newBufferedWriter(lines), true)) {
      List<List<String>> commands = commands(peer);
      String missing = missing(peer);
      if (missing != null) {
        note = "skipped\t" + missing;
      } else if (System.nanoTime() > end) {
        note = "skipped\tthe time for all was over before %s".formatted(data.getFileName());
      } else {
        Path store = work.resolve("store-" + peer);
        delete(store);
        Files.createDirectories(store);
        for (List<String> command : commands) {
          String failure = run(peer, command, set, store, to);
          note = failure.isEmpty() ? note : failure;
        }
        delete(store);
      }
      to.println(note.isEmpty() ? DONE : note);
    }
    report();
    System.err.printf(
        Locale.ROOT,
        "%s  %-18s %-11s %5.1f s  %s%n",
        LocalTime.now().truncatedTo(ChronoUnit.SECONDS),
        data.getFileName(),
        peer,
        (System.nanoTime() - start) / 1e9,
        note);
  }

  /** Runs a process and returns a line that says why it did not come to its end, or nothing. */
  private String run(String peer, List<String> command, DataSet set, Path store, PrintWriter to)
      throws Exception {
    boolean ours = FIRST.contains(peer);
    long seconds =
        Math.min(
            ours ? OUR_SECONDS : set.isMain() ? PEER_SECONDS : FEW_SECONDS,
            Math.max(1, (end - System.nanoTime()) / 1_000_000_000));
    long limit = seconds + PATIENCE_SECONDS;
    List<String> all = new ArrayList<>(command);
    all.addAll(
        List.of(
            set.folder.toString(),
            store.toString(),
            Integer.toString(scope.millis(set.rows)),
            !set.isMain() && !ours ? "few" : scope == Scope.FULL ? "all" : "quick",
            Long.toString(seconds)));
    Path errors = store.resolveSibling("stderr-" + peer + ".txt");
    Process process = new ProcessBuilder(all).redirectError(errors.toFile()).start();
    running = process;
    Thread.ofVirtual().start(() -> endLate(process, limit));
    Answers truth = set.truth();
    long server = peer.equals("postgres") ? Long.getLong("postgres-process", 0) : 0;
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        PrivateMemory memory = new PrivateMemory(process.pid(), server)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        to.println(
            line.startsWith("case\t")
                ? Judge.judge(line, set, truth)
                : line.startsWith("memory\t") ? line + "\t" + memory.peak() : line);
      }
    }
    int status = process.waitFor();
    if (status == 0) {
      return "";
    }
    return "failed\tprocess ended with %d: %s"
        .formatted(
            status,
            status == KILLED
                ? "it took longer than %d s, or more memory than there is".formatted(limit)
                : Files.readAllLines(errors).stream()
                    .filter(line -> line.contains("Exception") || line.contains("Error"))
                    .findFirst()
                    .orElse(""));
  }

  /** Status of a process that was ended from outside. */
  private static final int KILLED = 128 + 9;

  private static void endLate(Process process, long seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        end(process);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The processes of a peer, none if it cannot run here; the launcher set the properties. */
  private List<List<String>> commands(String peer) {
    if (missing(peer) != null) {
      return List.of();
    }
    return switch (peer) {
      case "clickhouse" -> List.of(List.of("node", node.resolve("clickhouse.mjs").toString()));
      case "faiss" ->
          List.of(List.of(System.getProperty("faiss"), node.resolve("faiss_peer.py").toString()));
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

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
