package org.bindsql.benchmarks.peers;

import static org.bindsql.benchmarks.peers.DataSet.K;
import static org.bindsql.benchmarks.peers.DataSet.QUERIES;
import static org.bindsql.benchmarks.peers.DataSet.WIDTH;

import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bindsql.benchmarks.CScan;
import org.bindsql.cascade.CascadeResult;

/**
 * The plain scan in C over memory with huge pages, and the bandwidth of that memory. Filters are
 * evaluated beforehand: below 35 % the rows that pass are gathered, above it they are masked. Many
 * queries go four at a time, each row being read once for them.
 */
final class CPeer implements Peer {
  private static final int HUGE_PAGE = 2 << 20;
  private static final int GATHER_BELOW = 350;

  private final PrintStream out;
  private final CScan scan =
      CScan.compile().orElseThrow(() -> new IllegalStateException("no gcc on this machine"));
  private final Arena arena = Arena.ofShared();
  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final int first;
  private DataSet set;
  private MemorySegment codes;

  /**
   * Prints bandwidths to {@code out}: {@code bandwidth}, threads, GB/s.
   *
   * @param first the first row to search
   */
  @SuppressWarnings("NullAway.Init") // rows are there after load
  CPeer(PrintStream out, int first) {
    this.out = out;
    this.first = first;
  }

  @Override
  public String version() {
    return "C, plain scan";
  }

  @Override
  public double load(DataSet rows, boolean graphs) throws Exception {
    set = rows;
    MemorySegment wanted = rows.codes.asSlice((long) first * WIDTH);
    codes = arena.allocate(wanted.byteSize(), HUGE_PAGE);
    scan.advise(codes);
    codes.copyFrom(wanted);
    for (int threads = 1; threads <= 2; threads++) {
      out.printf(Locale.ROOT, "bandwidth\t%d\t%.1f%n", threads, bandwidth(threads));
    }
    return WIDTH;
  }

  /** Best of ten readings, in GB/s. */
  private double bandwidth(int threads) throws Exception {
    double best = 0;
    for (int i = 0; i < 10; i++) {
      long start = System.nanoTime();
      parts(threads, part -> scan.read(part(part, threads)));
      best = Math.max(best, (double) codes.byteSize() / (System.nanoTime() - start));
    }
    return best;
  }

  private MemorySegment part(int part, int parts) {
    long from = firstOf(part, parts);
    return codes.asSlice(from * WIDTH, (firstOf(part + 1, parts) - from) * WIDTH);
  }

  private long firstOf(int part, int parts) {
    return (long) (set.rows - first) * part / parts;
  }

  private interface Part<T> {
    T run(int number);
  }

  private <T> List<T> parts(int threads, Part<T> work) throws Exception {
    if (threads == 1) {
      return List.of(work.run(0));
    }
    List<Callable<T>> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int part = i;
      parts.add(() -> work.run(part));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : pool.invokeAll(parts)) {
      results.add(future.get());
    }
    return results;
  }

  @Override
  public List<String> modes() {
    return List.of("exact");
  }

  @Override
  public Search search(String mode, int threads, int perMille) {
    MemorySegment buffer = arena.allocate(WIDTH, 64);
    if (perMille == 1000) {
      return query -> {
        MemorySegment memory = buffer.copyFrom(MemorySegment.ofArray(query));
        return ids(scan.top(memory, codes, WIDTH, K, threads));
      };
    }
    int[] passing =
        IntStream.range(first, set.rows)
            .filter(row -> set.passes(row, perMille))
            .map(row -> row - first)
            .toArray();
    if (perMille < GATHER_BELOW) {
      MemorySegment positions = arena.allocateFrom(ValueLayout.JAVA_INT, passing);
      return query ->
          ids(
              scan.topOf(
                  buffer.copyFrom(MemorySegment.ofArray(query)),
                  codes,
                  WIDTH,
                  positions,
                  passing.length,
                  K));
    }
    MemorySegment wanted = arena.allocate(set.rows - first);
    for (int row : passing) {
      wanted.set(ValueLayout.JAVA_BYTE, row, (byte) 1);
    }
    return query ->
        ids(scan.top(buffer.copyFrom(MemorySegment.ofArray(query)), codes, WIDTH, wanted, K));
  }

  private int[] ids(CascadeResult top) {
    return Arrays.stream(top.rowKeys()).mapToInt(key -> first + (int) key).toArray();
  }

  @Override
  public BatchSearch batch(String mode, int threads, DataSet.Kind kind) {
    MemorySegment queries = arena.allocate((long) QUERIES * WIDTH, 64);
    for (int i = 0; i < QUERIES; i++) {
      MemorySegment.copy(
          set.query(kind, i), 0, queries, ValueLayout.JAVA_BYTE, (long) i * WIDTH, WIDTH);
    }
    int tiles = QUERIES / 4;
    return () -> {
      int[][] found = new int[QUERIES][];
      parts(
          threads,
          part -> {
            for (int tile = part; tile < tiles; tile += threads) {
              CascadeResult[] tops =
                  scan.topFour(queries.asSlice(4L * tile * WIDTH, 4L * WIDTH), codes, WIDTH, K);
              for (int i = 0; i < tops.length; i++) {
                found[4 * tile + i] = ids(tops[i]);
              }
            }
            return 0;
          });
      return found;
    };
  }

  @Override
  public void close() {
    pool.shutdown();
    arena.close();
  }
}
