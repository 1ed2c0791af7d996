package org.bindsql.benchmarks;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.kernel.ScalarKernel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Distances of one query to short codes as shorts, with the rows within tau; per call. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class ShortCodeBenchmark {
  /** Number of codes. */
  static final int ROWS = 524_288;

  private static final int CALL_ROWS = 2048; // as the cascade calls it

  /** Bytes of a code: 4 to 128 MiB in all. */
  @Param({"8", "16", "32", "64", "128", "256"})
  public int bytes;

  /** The Vector API kernel is the one chosen for this JVM; C needs gcc. */
  @Param({"scalar", "vector", "c"})
  public String kernel = "";

  private CodeSet set;
  private MemorySegment codes;
  private HammingKernel chosen;
  private short tau;
  private final short[] distances = new short[CALL_ROWS];
  private final int[] near = new int[CALL_ROWS];

  /** Made by JMH. */
  @SuppressWarnings("NullAway.Init")
  public ShortCodeBenchmark() {}

  /** Makes the codes, and checks that the kernels agree on them. */
  @Setup(Level.Trial)
  public void setup() {
    // The same uniform bytes taken for shorter rows.
    set = new CodeSet((int) ((long) ROWS * bytes / CodeSet.WIDTH));
    codes = set.codes;
    tau = (short) (bytes * 2); // few or none, as in a search
    chosen =
        switch (kernel) {
          case "scalar" -> ScalarKernel.INSTANCE;
          case "vector" -> HammingKernel.get();
          default ->
              CScan.compile().orElseThrow(() -> new IllegalStateException("no gcc")).kernel();
        };
    short[] expected = new short[CALL_ROWS];
    int[] positions = new int[CALL_ROWS];
    ScalarKernel.INSTANCE.distances(set.query, codes, 0, CALL_ROWS, bytes, expected);
    chosen.distances(set.query, codes, 0, CALL_ROWS, bytes, distances);
    int found = ScalarKernel.INSTANCE.within(expected, 0, CALL_ROWS, tau, positions);
    if (!Arrays.equals(distances, expected)
        || found != chosen.within(distances, 0, CALL_ROWS, tau, near)
        || !Arrays.equals(near, positions)) {
      throw new IllegalStateException("kernels disagree");
    }
  }

  /** Frees the codes. */
  @TearDown(Level.Trial)
  public void tearDown() {
    set.close();
  }

  /** Distances, and those within tau. */
  @Benchmark
  public int shortCodes() {
    int found = 0;
    for (int from = 0; from < ROWS; from += CALL_ROWS) {
      chosen.distances(set.query, codes, (long) from * bytes, CALL_ROWS, bytes, distances);
      found += chosen.within(distances, 0, CALL_ROWS, tau, near);
    }
    return found;
  }
}
