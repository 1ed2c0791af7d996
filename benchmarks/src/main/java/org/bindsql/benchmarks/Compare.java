package org.bindsql.benchmarks;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.HdrCascade;
import org.bindsql.kernel.HammingKernel;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Measures the top 10 beside C, by turns in this process and on the same memory, then the kernels
 * by JMH; writes its section of the file of results.
 */
public final class Compare {
  private static final double[] FILTERS = {100, 50, 10, 1, 0.1};
  private static final double[] CROSSOVER = {60, 50, 45, 40, 35, 30, 25, 20, 10};
  private static final long PAIR_NANOS = 6_000_000_000L;

  private final StringBuilder report = new StringBuilder();
  private final Optional<CScan> scan = CScan.compile();

  private Compare() {}

  /**
   * Runs everything; about five minutes.
   *
   * @param args the file to write, then {@code quick} to leave JMH out
   */
  public static void main(String[] args) throws IOException, RunnerException {
    Compare compare = new Compare();
    compare.machine();
    for (int rows : new int[] {65_536, 1_000_000}) {
      try (CodeSet set = new CodeSet(rows)) {
        compare.topTen(set);
      }
    }
    try (CodeSet set = new CodeSet(1_000_000)) {
      compare.crossover(set);
    }
    compare.scan.ifPresent(c -> compare.report.append(ResidentReport.write(c, 65_536, 1_000_000)));
    Sections.replace(Path.of(args[0]), "scan", compare.report.toString());
    if (args.length < 2) {
      compare.statements();
      compare.kernels();
    }
    Sections.replace(Path.of(args[0]), "scan", compare.report.toString());
    System.out.println(compare.report);
  }

  private void machine() throws IOException {
    report.append(
        """
        ## Scans and kernels

        Written by `benchmarks/run`; do not edit this section.

        %s* Kernel chosen: %s
        * C: %s, called in the same process on the same malloc'd memory, by turns with Java
        * Data: uniform random rows of 2,048 bytes, seeded; one query; one thread

        Absolute times move with what else the machine does; the ratios are of pairs measured
        by turns. GB/s counts the bytes of the rows that are read.

        """
            .formatted(
                Machine.describe(),
                HammingKernel.get().getClass().getSimpleName(),
                scan.isPresent() ? "`" + CScan.COMMAND + "`" : "no gcc here, so not measured"));
  }

  private void topTen(CodeSet set) {
    report.append(
        """
        ### Top 10 of %,d rows (%,d MiB)

        | filter | rows read | Java ms | C ms | Java GB/s | Java / C |
        |---|---|---|---|---|---|
        """
            .formatted(set.rows, (long) set.rows * CodeSet.WIDTH >> 20));
    for (double percent : FILTERS) {
      int[] passing = set.passing(percent);
      List<CodeBlock> blocks = set.blocks(passing);
      boolean gather = percent < HdrCascade.GATHER_BELOW * 100;
      Supplier<CascadeResult> java = () -> set.top(blocks, HdrCascade.GATHER_BELOW);
      Pairs pairs = Pairs.measure(java, inC(set, passing, percent, gather), PAIR_NANOS / 4);
      double bytes = (double) (gather ? passing.length : set.rows) * CodeSet.WIDTH;
      report.append(
          String.format(
              Locale.ROOT,
              "| %s %% | %s | %.3f | %s | %.1f | %s |%n",
              number(percent),
              gather ? "gathered" : "all",
              pairs.first(),
              pairs.hasSecond() ? String.format(Locale.ROOT, "%.3f", pairs.second()) : "-",
              bytes / pairs.first() / 1e6,
              pairs.hasSecond() ? String.format(Locale.ROOT, "**%.2f**", pairs.ratio()) : "-"));
    }
    report.append('\n');
  }

  /** The same work in C, or null without gcc. */
  private @Nullable Supplier<CascadeResult> inC(
      CodeSet set, int[] passing, double percent, boolean gather) {
    if (scan.isEmpty()) {
      return null;
    }
    CScan c = scan.get();
    if (gather) {
      MemorySegment positions = set.arena().allocateFrom(ValueLayout.JAVA_INT, passing);
      return () -> c.topOf(set, positions, passing.length);
    }
    if (percent == 100) {
      return () -> c.top(set, MemorySegment.NULL);
    }
    MemorySegment wanted = set.arena().allocate(set.rows);
    for (int row : passing) {
      wanted.set(ValueLayout.JAVA_BYTE, row, (byte) 1);
    }
    return () -> c.top(set, wanted);
  }

  private void crossover(CodeSet set) {
    report.append(
        """
        ### Gathering against masking, %,d rows

        The cascade gathers below a share of %.2f.

        | share of rows wanted | gather ms | mask ms | gather / mask |
        |---|---|---|---|
        """
            .formatted(set.rows, HdrCascade.GATHER_BELOW));
    for (double percent : CROSSOVER) {
      List<CodeBlock> blocks = set.blocks(set.passing(percent));
      Pairs pairs =
          Pairs.measure(() -> set.top(blocks, 1), () -> set.top(blocks, 0), PAIR_NANOS / 4);
      report.append(
          String.format(
              Locale.ROOT,
              "| %s %% | %.1f | %.1f | %.2f |%n",
              number(percent),
              pairs.first(),
              pairs.second(),
              pairs.ratio()));
    }
    report.append('\n');
  }

  private void statements() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(QueryBenchmark.class.getSimpleName())
                    .shouldFailOnError(true)
                    .build())
            .run();
    report.append(
        """
        ### A statement besides its scan (JMH)

        From execute to the last row through JDBC in the process: the ten nearest of 20 rows; microseconds.

        | statement | table | median | 95 % | 99 % |
        |---|---|---|---|---|
        """);
    for (RunResult result : results) {
      var statistics = result.getPrimaryResult().getStatistics();
      String method = result.getParams().getBenchmark();
      report.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | **%.1f** | %.1f | %.1f |%n",
              method.endsWith("prepared") ? "prepared, another parameter" : "the same text again",
              result.getParams().getParam("table"),
              statistics.getPercentile(50),
              statistics.getPercentile(95),
              statistics.getPercentile(99)));
    }
    report.append('\n');
  }

  private void kernels() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(KernelBenchmark.class.getSimpleName())
                    .include(ShortCodeBenchmark.class.getSimpleName())
                    .param(
                        "kernel",
                        scan.isPresent()
                            ? new String[] {"scalar", "vector", "c"}
                            : new String[] {"scalar", "vector"})
                    .shouldFailOnError(true)
                    .build())
            .run();
    report.append(
        """
        ### Kernels (JMH)

        Nanoseconds per row, and per query where a kernel takes several at once: the kernel of this JVM beside its scalar
        twin and the loop in C, where there is one. Rows have 2,048 bytes, sketches 32, short codes as many as is said.

        | kernel | rows | scalar | vector | C | vector / C |
        |---|---|---|---|---|---|
        """);
    Map<String, Map<String, Double>> nanos = new TreeMap<>();
    for (RunResult result : results) {
      BenchmarkParams parameters = result.getParams();
      String method = parameters.getBenchmark();
      String bytes = parameters.getParam("bytes");
      String name = method.substring(method.lastIndexOf('.') + 1);
      int rows =
          bytes == null ? Integer.parseInt(parameters.getParam("rows")) : ShortCodeBenchmark.ROWS;
      String what = bytes == null ? name : "%s, %3s bytes".formatted(name, bytes);
      nanos
          .computeIfAbsent(
              String.format(Locale.ROOT, "| %s | %,d |", what, rows), row -> new TreeMap<>())
          .put(
              parameters.getParam("kernel"),
              result.getPrimaryResult().getStatistics().getPercentile(50)
                  * 1000
                  / rows
                  / queries(name));
    }
    nanos.forEach((row, kernels) ->
        report.append(
            "%s %s | %s | %s | %s |%n"
                .formatted(
                    row,
                    nanos(kernels.get("scalar")),
                    nanos(kernels.get("vector")),
                    nanos(kernels.get("c")),
                    kernels.containsKey("c") && kernels.containsKey("vector")
                        ? String.format(
                            Locale.ROOT, "**%.2f**", kernels.get("vector") / kernels.get("c"))
                        : "-")));
    report.append('\n');
  }

  /** Queries that a call of a kernel answers. */
  private static int queries(String kernel) {
    return kernel.startsWith("tile") ? HammingKernel.TILE_QUERIES : 1;
  }

  private static String nanos(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String number(double percent) {
    return percent == Math.rint(percent) ? Long.toString((long) percent) : "" + percent;
  }

  /** Medians in milliseconds of two ways to do the same, and of the ratio of neighbours. */
  private record Pairs(double first, double second, double ratio) {
    boolean hasSecond() {
      return second > 0;
    }

    static Pairs measure(
        Supplier<CascadeResult> first, @Nullable Supplier<CascadeResult> second, long nanos) {
      CascadeResult answer = first.get();
      if (second != null) {
        CascadeResult other = second.get();
        if (!Arrays.equals(answer.rowKeys(), other.rowKeys())
            || !Arrays.equals(answer.distances(), other.distances())) {
          throw new IllegalStateException("answers differ");
        }
      }
      List<Double> firsts = new ArrayList<>();
      List<Double> seconds = new ArrayList<>();
      List<Double> ratios = new ArrayList<>();
      long start = System.nanoTime();
      // A third of the time warms up; at least 5 pairs count.
      while (System.nanoTime() - start < nanos * 4 / 3 || firsts.size() < 5) {
        double a = millis(first);
        double b = second == null ? 0 : millis(second);
        if (System.nanoTime() - start >= nanos / 3) {
          firsts.add(a);
          seconds.add(b);
          ratios.add(b == 0 ? 0 : a / b);
        }
      }
      return new Pairs(median(firsts), median(seconds), median(ratios));
    }

    private static double millis(Supplier<CascadeResult> work) {
      long start = System.nanoTime();
      CascadeResult result = work.get();
      double millis = (System.nanoTime() - start) / 1e6;
      if (result.size() > CodeSet.K) {
        throw new IllegalStateException("more rows than wanted");
      }
      return millis;
    }

    private static double median(List<Double> values) {
      List<Double> sorted = values.stream().sorted().toList();
      return sorted.get(sorted.size() / 2);
    }
  }
}
