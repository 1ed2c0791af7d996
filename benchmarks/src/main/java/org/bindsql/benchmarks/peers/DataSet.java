package org.bindsql.benchmarks.peers;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Rows of 2,048-byte fingerprints with a bucket of 0 to 999 each, queries, and the distances of the
 * true answers; all in files that any program can read. A filter of n per mille is {@code bucket <
 * n}; a bucket of 1000 or more passes none.
 *
 * <ul>
 *   <li>{@code codes.bin}: the fingerprints, one after the other; a row's id is its position
 *   <li>{@code buckets.bin}: an unsigned 16-bit little-endian number per row
 *   <li>{@code near.bin}, {@code random.bin}: 64 queries each
 *   <li>{@code truth.bin}: per kind of query, query and filter the distances of the ten nearest,
 *       ascending, as 32-bit little-endian integers; -1 where fewer rows pass
 * </ul>
 */
final class DataSet implements AutoCloseable {
  static final int WIDTH = 2048;
  static final int K = 10;
  static final int QUERIES = 64;

  /** Shares of rows that pass a filter, per mille; the first is no filter at all. */
  static final int[] FILTERS = {1000, 500, 100, 10, 1};

  /** Among shares: the rows that BindSpace has, see {@link Generator}. */
  static final int BINDSPACE = 1001;

  /** Bucket of rows that are BindSpace's vocabulary. */
  static final int VOCABULARY_BUCKET = 1001;

  /** What {@code truth.bin} has answers for: the filters, then {@link #BINDSPACE}. */
  static final int[] TRUTHS = {1000, 500, 100, 10, 1, BINDSPACE};

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final Path folder;
  final int rows;
  final MemorySegment codes;
  private final MemorySegment buckets;
  private final MemorySegment near;
  private final MemorySegment random;
  private final Arena arena = Arena.ofShared();

  private DataSet(Path folder) throws IOException {
    this.folder = folder;
    this.codes = map("codes.bin");
    this.rows = (int) (codes.byteSize() / WIDTH);
    this.buckets = map("buckets.bin");
    this.near = map("near.bin");
    this.random = map("random.bin");
  }

  /** The data set in a folder, whose name is also its own. */
  static DataSet open(Path folder) throws IOException {
    return new DataSet(folder);
  }

  private MemorySegment map(String file) throws IOException {
    try (FileChannel channel = FileChannel.open(folder.resolve(file), StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /** Such as {@code clustered-65536}. */
  String name() {
    return folder.getFileName().toString();
  }

  /** Whether filters, batches and indexes that take minutes are measured of all peers. */
  boolean isMain() {
    return name().startsWith("clustered");
  }

  byte[] code(int row) {
    return codes.asSlice((long) row * WIDTH, WIDTH).toArray(ValueLayout.JAVA_BYTE);
  }

  int bucket(int row) {
    return Short.toUnsignedInt(buckets.get(SHORT, 2L * row));
  }

  /** Whether a row passes a filter of so many per mille, or is in BindSpace. */
  boolean passes(int row, int perMille) {
    return switch (perMille) {
      case 1000 -> true;
      case BINDSPACE -> row >= Generator.RESERVED || bucket(row) == VOCABULARY_BUCKET;
      default -> bucket(row) < perMille;
    };
  }

  byte[] query(Kind kind, int index) {
    MemorySegment queries = kind == Kind.NEAR ? near : random;
    return queries.asSlice((long) index * WIDTH, WIDTH).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Distance of a row to a query. */
  int distance(int row, byte[] query) {
    return Distance.between(codes, (long) row * WIDTH, Distance.words(query));
  }

  /** Distances of the true answers as {@link Truth} wrote them. */
  Answers truth() throws IOException {
    return new Answers(map("truth.bin"));
  }

  @Override
  public void close() {
    arena.close();
  }

  /** Where queries come from. */
  enum Kind {
    /** Changed members of the set: they have real neighbours. */
    NEAR,
    /** Unrelated to the set: their nearest rows are noise. */
    RANDOM;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** True distances. */
  record Answers(MemorySegment distances) {
    /** Ascending; as many as rows that pass, at most ten. */
    int[] of(Kind kind, int query, int perMille) {
      int filter = java.util.Arrays.stream(TRUTHS).boxed().toList().indexOf(perMille);
      long at = ((long) (kind.ordinal() * QUERIES + query) * TRUTHS.length + filter) * K;
      int count = 0;
      int[] found = new int[K];
      for (int i = 0; i < K; i++) {
        int distance = distances.get(INT, (at + i) * Integer.BYTES);
        if (distance >= 0) {
          found[count++] = distance;
        }
      }
      return java.util.Arrays.copyOf(found, count);
    }
  }

  /** Whether a folder holds a complete data set of this version of the program. */
  static boolean isComplete(Path folder, String version) throws IOException {
    Path mark = folder.resolve("complete");
    return Files.exists(mark) && Files.readString(mark).equals(version);
  }
}
