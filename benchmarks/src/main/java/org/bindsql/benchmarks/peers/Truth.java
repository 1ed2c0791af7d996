package org.bindsql.benchmarks.peers;

import static org.bindsql.benchmarks.peers.DataSet.K;
import static org.bindsql.benchmarks.peers.DataSet.QUERIES;
import static org.bindsql.benchmarks.peers.DataSet.TRUTHS;
import static org.bindsql.benchmarks.peers.DataSet.WIDTH;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bindsql.benchmarks.peers.DataSet.Kind;

/** Finds the distances of the ten nearest rows of every query by comparing it with every row. */
final class Truth {
  private static final int CHUNKS = 16;

  private Truth() {}

  /** Writes {@code truth.bin} of a data set. */
  static void write(DataSet set) throws IOException {
    long[][] queries = new long[2 * QUERIES][];
    for (int i = 0; i < queries.length; i++) {
      queries[i] = Distance.words(set.query(Kind.values()[i / QUERIES], i % QUERIES));
    }
    int[] all =
        IntStream.range(0, CHUNKS)
            .parallel()
            .mapToObj(chunk ->
                search(
                    set,
                    queries,
                    (int) ((long) set.rows * chunk / CHUNKS),
                    (int) ((long) set.rows * (chunk + 1) / CHUNKS)))
            .reduce(Truth::merge)
            .orElseThrow();
    ByteBuffer bytes = ByteBuffer.allocate(all.length * Integer.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (int distance : all) {
      bytes.putInt(distance == Integer.MAX_VALUE ? -1 : distance);
    }
    Files.write(set.folder.resolve("truth.bin"), bytes.array());
  }

  private static int[] search(DataSet set, long[][] queries, int from, int to) {
    int[] best = new int[queries.length * TRUTHS.length * K];
    Arrays.fill(best, Integer.MAX_VALUE);
    boolean[] passes = new boolean[TRUTHS.length];
    for (int row = from; row < to; row++) {
      for (int filter = 0; filter < TRUTHS.length; filter++) {
        passes[filter] = set.passes(row, TRUTHS[filter]);
      }
      for (int query = 0; query < queries.length; query++) {
        int distance = Distance.between(set.codes, (long) row * WIDTH, queries[query]);
        for (int filter = 0; filter < TRUTHS.length; filter++) {
          if (passes[filter]) {
            offer(best, (query * TRUTHS.length + filter) * K, distance);
          }
        }
      }
    }
    return best;
  }

  /** Puts a distance among the ten smallest, ascending from {@code at}. */
  private static void offer(int[] best, int at, int distance) {
    int last = at + K - 1;
    if (distance >= best[last]) {
      return;
    }
    int to = last;
    while (to > at && best[to - 1] > distance) {
      best[to] = best[to - 1];
      to--;
    }
    best[to] = distance;
  }

  private static int[] merge(int[] a, int[] b) {
    int[] merged = a.clone();
    for (int i = 0; i < b.length; i++) {
      if (b[i] != Integer.MAX_VALUE) {
        offer(merged, i / K * K, b[i]);
      }
    }
    return merged;
  }
}
