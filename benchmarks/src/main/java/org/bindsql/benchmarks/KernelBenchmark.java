package org.bindsql.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.Sketch;
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

/**
 * Distances of one query, and of four at once, to rows of 2,048 bytes, and to sketches; per call.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class KernelBenchmark {
  private static final int CALL_ROWS = 1024; // as the cascade calls it: the output stays in cache

  /** As long as half a sketch; the first bytes of the rows serve as sketches. */
  private static final long[] TILE = {0, CodeSet.WIDTH, 2L * CodeSet.WIDTH, 3L * CodeSet.WIDTH};

  private static final long[] SKETCH = new SplittableRandom(1).longs(Sketch.HALF_WORDS).toArray();

  private static final long[] MASK = LongStream.generate(() -> -1).limit(SKETCH.length).toArray();

  /** 256 rows lie in L2, 8,192 in L3, 65,536 and 1,000,000 in memory. */
  @Param({"256", "8192", "65536", "1000000"})
  public int rows;

  /** The Vector API kernel is the one chosen for this JVM; C needs gcc. */
  @Param({"scalar", "vector", "c"})
  public String kernel = "";

  private CodeSet set;
  private Codes sliced;
  private HammingKernel chosen;
  private final int[] out = new int[4 * CALL_ROWS];
  private final short[] sketches = new short[CALL_ROWS];

  /** Makes the rows, and checks that both kernels agree on them. */
  @SuppressWarnings("NullAway.Init")
  public KernelBenchmark() {}

  /** Makes the rows, and checks that the kernels agree on them. */
  @Setup(Level.Trial)
  public void setup() {
    set = new CodeSet(rows);
    // The same bytes taken for slices: what they hold does not matter for the time.
    sliced = Codes.sliced(set.codes, CodeSet.WIDTH, rows);
    chosen =
        switch (kernel) {
          case "scalar" -> ScalarKernel.INSTANCE;
          case "vector" -> HammingKernel.get();
          default ->
              CScan.compile().orElseThrow(() -> new IllegalStateException("no gcc")).kernel();
        };
    if (kernel.equals("vector") && chosen == ScalarKernel.INSTANCE) {
      throw new IllegalStateException("this JVM has no Vector API kernel");
    }
    int checked = Math.min(rows, CALL_ROWS);
    int[] other = new int[out.length];
    chosen.distances(set.query, set.codes, 0, CodeSet.WIDTH, checked, CodeSet.WIDTH, out);
    ScalarKernel.INSTANCE.distances(
        set.query, set.codes, 0, CodeSet.WIDTH, checked, CodeSet.WIDTH, other);
    check(out, other, checked);
    chosen.tile(set.query, TILE, set.codes, 0, CodeSet.WIDTH, checked, CodeSet.WIDTH, out);
    ScalarKernel.INSTANCE.tile(
        set.query, TILE, set.codes, 0, CodeSet.WIDTH, checked, CodeSet.WIDTH, other);
    check(out, other, 4 * checked);
    sliced.distances(chosen, set.query, CodeSet.WIDTH, 0, checked, out);
    sliced.distances(ScalarKernel.INSTANCE, set.query, CodeSet.WIDTH, 0, checked, other);
    check(out, other, checked);
    short[] sketched = new short[CALL_ROWS];
    chosen.sketch(SKETCH, MASK, set.codes, 0, checked / Sketch.BLOCK_ROWS, sketches);
    ScalarKernel.INSTANCE.sketch(SKETCH, MASK, set.codes, 0, checked / Sketch.BLOCK_ROWS, sketched);
    if (!Arrays.equals(sketches, sketched)) {
      throw new IllegalStateException("kernels disagree");
    }
  }

  private static void check(int[] a, int[] b, int count) {
    if (!Arrays.equals(a, 0, count, b, 0, count)) {
      throw new IllegalStateException("kernels disagree");
    }
  }

  /** Frees the rows. */
  @TearDown(Level.Trial)
  public void tearDown() {
    set.close();
  }

  /** One query. */
  @Benchmark
  public int[] distances() {
    for (int from = 0; from < rows; from += CALL_ROWS) {
      int count = Math.min(CALL_ROWS, rows - from);
      long offset = (long) from * CodeSet.WIDTH;
      chosen.distances(set.query, set.codes, offset, CodeSet.WIDTH, count, CodeSet.WIDTH, out);
    }
    return out;
  }

  /** One query, the rows in slices of 256 bytes. */
  @Benchmark
  public int[] slices() {
    for (int from = 0; from < rows; from += CALL_ROWS) {
      int count = Math.min(CALL_ROWS, rows - from);
      sliced.distances(chosen, set.query, CodeSet.WIDTH, from, count, out);
    }
    return out;
  }

  /** Four queries. */
  @Benchmark
  public int[] tile() {
    for (int from = 0; from < rows; from += CALL_ROWS) {
      int count = Math.min(CALL_ROWS, rows - from);
      long offset = (long) from * CodeSet.WIDTH;
      chosen.tile(set.query, TILE, set.codes, offset, CodeSet.WIDTH, count, CodeSet.WIDTH, out);
    }
    return out;
  }

  /** One query, sketches of 256 bits. */
  @Benchmark
  public short[] sketch() {
    for (int from = 0; from < rows; from += CALL_ROWS) {
      int blocks = Math.min(CALL_ROWS, rows - from) / Sketch.BLOCK_ROWS;
      long offset = (long) from / Sketch.BLOCK_ROWS * Sketch.BLOCK_BYTES;
      chosen.sketch(SKETCH, MASK, set.codes, offset, blocks, sketches);
    }
    return sketches;
  }
}
