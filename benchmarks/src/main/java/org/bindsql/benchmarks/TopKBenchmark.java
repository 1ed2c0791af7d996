package org.bindsql.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.CodeBlock;
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

/** Top 10 through the cascade on one thread, behind filters whose evaluation is not counted. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class TopKBenchmark {
  /** 128 MiB and 2 GB. */
  @Param({"65536", "1000000"})
  public int rows;

  /** Share of rows that pass the filter. */
  @Param({"100", "50", "10", "1", "0.1"})
  public double percent;

  private CodeSet set;
  private List<CodeBlock> blocks;

  /** Fields are set by {@link #setup}. */
  @SuppressWarnings("NullAway.Init")
  public TopKBenchmark() {}

  /** Makes the rows, and checks that gathering and masking agree on them. */
  @Setup(Level.Trial)
  public void setup() {
    set = new CodeSet(rows);
    blocks = set.blocks(set.passing(percent));
    CascadeResult gathered = set.top(blocks, 1);
    CascadeResult masked = set.top(blocks, 0);
    if (!Arrays.equals(gathered.rowKeys(), masked.rowKeys())
        || !Arrays.equals(gathered.distances(), masked.distances())) {
      throw new IllegalStateException("gathering and masking disagree");
    }
  }

  /** Frees the rows. */
  @TearDown(Level.Trial)
  public void tearDown() {
    set.close();
  }

  /** Ten nearest. */
  @Benchmark
  public CascadeResult top10() {
    return set.top(blocks, CodeSet.GATHER_BELOW);
  }
}
