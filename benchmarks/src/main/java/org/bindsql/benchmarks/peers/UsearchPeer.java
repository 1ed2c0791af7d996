package org.bindsql.benchmarks.peers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.bindsql.benchmarks.peers.DataSet.K;
import static org.bindsql.benchmarks.peers.DataSet.QUERIES;
import static org.bindsql.benchmarks.peers.DataSet.WIDTH;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bindsql.benchmarks.peers.DataSet.Kind;

/**
 * usearch by its C interface, compiled from the sources in its npm package, whose JavaScript
 * refuses packed bits: exact search over memory, and the HNSW index of 16 links.
 */
final class UsearchPeer implements Peer {
  private static final int HAMMING = 8;
  private static final int BITS = 5;
  private static final String GRAPH = "HNSW, ef = ";
  private static final AddressLayout TEXT =
      ADDRESS.withTargetLayout(
          MemoryLayout.sequenceLayout(1024, java.lang.foreign.ValueLayout.JAVA_BYTE));

  private final Arena arena = Arena.ofShared();
  private final SymbolLookup library =
      SymbolLookup.libraryLookup(Path.of(System.getProperty("usearch")), arena);
  private final MemorySegment error = arena.allocate(ADDRESS);
  private final MemorySegment keys = arena.allocate(JAVA_LONG, (long) QUERIES * K);
  private final MemorySegment distances = arena.allocate(JAVA_FLOAT, (long) QUERIES * K);
  private final MethodHandle exact =
      bind(
          "usearch_exact_search",
          FunctionDescriptor.ofVoid(
              ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG,
              JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS));
  private DataSet set;
  private boolean graph;
  private MemorySegment codes;
  private MemorySegment index = MemorySegment.NULL;

  @SuppressWarnings("NullAway.Init") // rows are there after load
  UsearchPeer() {}

  private MethodHandle bind(String name, FunctionDescriptor function) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), function);
  }

  private Object call(MethodHandle function, Object... arguments) {
    try {
      Object result = function.invokeWithArguments(arguments);
      MemorySegment message = error.get(TEXT, 0);
      if (message.address() != 0) {
        throw new IllegalStateException(message.getString(0));
      }
      return result;
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String version() {
    MemorySegment version =
        (MemorySegment) call(bind("usearch_version", FunctionDescriptor.of(TEXT)));
    return "usearch " + version.getString(0);
  }

  @Override
  public double load(DataSet rows, boolean graphs) {
    set = rows;
    graph = graphs;
    codes = arena.allocate(rows.codes.byteSize(), 64).copyFrom(rows.codes);
    if (!graph) {
      return WIDTH;
    }
    MemorySegment options =
        arena.allocate(
            MemoryLayout.structLayout(
                JAVA_INT,
                JAVA_INT,
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_BOOLEAN,
                MemoryLayout.paddingLayout(7)));
    options.set(JAVA_INT, 0, HAMMING);
    options.set(JAVA_INT, 16, BITS);
    options.set(JAVA_LONG, 24, WIDTH * 8L);
    options.set(JAVA_LONG, 32, 16);
    options.set(JAVA_LONG, 40, 128);
    options.set(JAVA_LONG, 48, 64);
    index =
        (MemorySegment)
            call(
                bind("usearch_init", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS)),
                options,
                error);
    call(
        bind("usearch_reserve", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, ADDRESS)),
        index,
        (long) rows.rows,
        error);
    MethodHandle add =
        bind(
            "usearch_add",
            FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS));
    call(
        bind("usearch_change_threads_add", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, ADDRESS)),
        index,
        (long) Runtime.getRuntime().availableProcessors(),
        error);
    IntStream.range(0, rows.rows)
        .parallel()
        .forEach(row ->
            call(add, index, (long) row, codes.asSlice((long) row * WIDTH, WIDTH), BITS, error));
    return (long)
            call(
                bind("usearch_memory_usage", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS)),
                index,
                error)
        / (double) rows.rows;
  }

  @Override
  public List<String> modes() {
    return graph ? List.of("exact search", GRAPH + 64, GRAPH + 256) : List.of("exact search");
  }

  @Override
  public Search search(String mode, int threads, int perMille) {
    if (perMille < 1000) {
      throw new UnsupportedOperationException(
          "exact search has no filter, and that of the index calls back for every row");
    }
    MemorySegment query = arena.allocate(WIDTH, 64);
    if (mode.startsWith(GRAPH)) {
      if (threads > 1) {
        throw new UnsupportedOperationException("one thread per query");
      }
      call(
          bind(
              "usearch_change_expansion_search",
              FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, ADDRESS)),
          index,
          Long.parseLong(mode.substring(GRAPH.length())),
          error);
      MethodHandle search =
          bind(
              "usearch_search",
              FunctionDescriptor.of(
                  JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS));
      return code -> {
        query.copyFrom(MemorySegment.ofArray(code));
        long found = (long) call(search, index, query, BITS, (long) K, keys, distances, error);
        return ids(0, (int) found);
      };
    }
    return code -> {
      query.copyFrom(MemorySegment.ofArray(code));
      exact(query, 1, threads);
      return ids(0, K);
    };
  }

  private void exact(MemorySegment queries, long count, long threads) {
    call(
        exact,
        codes,
        (long) set.rows,
        (long) WIDTH,
        queries,
        count,
        (long) WIDTH,
        BITS,
        WIDTH * 8L,
        HAMMING,
        (long) K,
        threads,
        keys,
        8L * K,
        distances,
        4L * K,
        error);
  }

  private int[] ids(int query, int count) {
    long[] found = keys.asSlice(8L * K * query, 8L * count).toArray(JAVA_LONG);
    return Arrays.stream(found).mapToInt(key -> (int) key).toArray();
  }

  @Override
  public BatchSearch batch(String mode, int threads, Kind kind) {
    if (mode.startsWith(GRAPH)) {
      throw new UnsupportedOperationException("no call for many queries");
    }
    MemorySegment queries = arena.allocate((long) QUERIES * WIDTH, 64);
    for (int i = 0; i < QUERIES; i++) {
      queries.asSlice((long) i * WIDTH, WIDTH).copyFrom(MemorySegment.ofArray(set.query(kind, i)));
    }
    return () -> {
      exact(queries, QUERIES, threads);
      int[][] all = new int[QUERIES][];
      for (int i = 0; i < QUERIES; i++) {
        all[i] = ids(i, K);
      }
      return all;
    };
  }
}
