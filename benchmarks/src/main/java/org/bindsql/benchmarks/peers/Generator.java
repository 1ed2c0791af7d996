package org.bindsql.benchmarks.peers;

import static org.bindsql.benchmarks.peers.DataSet.QUERIES;
import static org.bindsql.benchmarks.peers.DataSet.WIDTH;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bindsql.functions.TextFingerprint;

/**
 * Makes the data sets, the same every time (texts: with the same JDK). In sets of 65,536 rows a row
 * is an address of BindSpace: below {@link #RESERVED}, where nobody can write, its built-in
 * vocabulary has the fingerprint that it has there; the other rows there are those that BindSpace
 * does not have. No filter lets rows below {@link #RESERVED} pass.
 */
final class Generator {
  /** Changes whenever the files do. */
  private static final String VERSION = "2 " + Runtime.version();

  /** Addresses of BindSpace that nobody can write. */
  static final int RESERVED = 0x0C00;

  static final int BINDSPACE_ROWS = 65_536;
  private static final long SEED = 20261120;
  private static final int CENTRES = 1000;
  private static final double[] CHANGED = {0.012, 0.051, 0.102, 0.199};

  private final Path folder;
  private final int rows;
  private final SplittableRandom random;

  private Generator(Path folder, int rows) {
    this.folder = folder;
    this.rows = rows;
    this.random = new SplittableRandom(SEED + folder.getFileName().toString().hashCode());
  }

  /** The data set of that kind and size below a folder; made if it is not there. */
  static Path make(Path parent, String kind, int rows) throws IOException, SQLException {
    Path folder = parent.resolve(kind + "-" + rows);
    if (!DataSet.isComplete(folder, VERSION)) {
      System.err.printf("making %s%n", folder.getFileName());
      Files.createDirectories(folder);
      Files.deleteIfExists(folder.resolve("complete"));
      Generator generator = new Generator(folder, rows);
      switch (kind) {
        case "uniform" -> generator.uniform();
        case "clustered" -> generator.clustered();
        case "text" -> generator.texts();
        default -> throw new IllegalArgumentException(kind);
      }
      try (DataSet set = DataSet.open(folder)) {
        Truth.write(set);
      }
      Files.writeString(folder.resolve("complete"), VERSION);
    }
    return folder;
  }

  private void uniform() throws IOException, SQLException {
    long seed = random.nextLong();
    write(rows, row -> uniform(new SplittableRandom(seed + row)));
    synthetic();
  }

  private void clustered() throws IOException, SQLException {
    long seed = random.nextLong();
    byte[][] centres = new byte[CENTRES][];
    for (int i = 0; i < CENTRES; i++) {
      centres[i] = uniform(random);
    }
    write(
        rows,
        row -> {
          SplittableRandom own = new SplittableRandom(seed + row);
          return own.nextInt(10) == 0
              ? uniform(own)
              : changed(centres[own.nextInt(CENTRES)], own.nextDouble(0.02, 0.30), own);
        });
    synthetic();
  }

  /** Queries near rows, with more and more bits changed, and uniform ones. */
  private void synthetic() throws IOException {
    byte[] near = new byte[QUERIES * WIDTH];
    byte[] far = new byte[QUERIES * WIDTH];
    try (FileChannel codes = FileChannel.open(folder.resolve("codes.bin"));
        Arena arena = Arena.ofConfined()) {
      MemorySegment all = codes.map(FileChannel.MapMode.READ_ONLY, 0, codes.size(), arena);
      for (int i = 0; i < QUERIES; i++) {
        long row = firstFree() + random.nextInt(rows - firstFree());
        byte[] code = all.asSlice(row * WIDTH, WIDTH).toArray(ValueLayout.JAVA_BYTE);
        byte[] query = changed(code, CHANGED[i % CHANGED.length], random);
        System.arraycopy(query, 0, near, i * WIDTH, WIDTH);
        System.arraycopy(uniform(random), 0, far, i * WIDTH, WIDTH);
      }
    }
    Files.write(folder.resolve("near.bin"), near);
    Files.write(folder.resolve("random.bin"), far);
  }

  /** Members of the JDK; near queries are what somebody might type who looks for one. */
  private void texts() throws IOException, SQLException {
    List<String> all = PlatformTexts.read(1_000_000);
    int step = Math.max(1, all.size() / rows);
    int count = Math.min(rows, all.size());
    write(count, row -> TextFingerprint.of(all.get(row * step)));
    byte[] near = new byte[QUERIES * WIDTH];
    byte[] far = new byte[QUERIES * WIDTH];
    for (int i = 0; i < QUERIES; i++) {
      String member = all.get((firstFree() + random.nextInt(count - firstFree())) * step);
      put(near, i, TextFingerprint.of(asTyped(member)));
      StringBuilder nonsense = new StringBuilder();
      for (int letter = 0; letter < 40; letter++) {
        nonsense.append(letter % 8 == 7 ? ' ' : (char) ('a' + random.nextInt(26)));
      }
      put(far, i, TextFingerprint.of(nonsense.toString()));
    }
    Files.write(folder.resolve("near.bin"), near);
    Files.write(folder.resolve("random.bin"), far);
  }

  private static void put(byte[] queries, int index, byte[] code) {
    System.arraycopy(code, 0, queries, index * WIDTH, WIDTH);
  }

  /** Without punctuation, packages and the last letter. */
  private static String asTyped(String text) {
    String words =
        text.replaceAll("[a-z]+\\.(?=[a-zA-Z.]*[A-Z])", "").replaceAll("[^A-Za-z0-9]+", " ");
    return words.length() > 8 ? words.strip().substring(0, words.strip().length() - 1) : text;
  }

  /** The first row that BindSpace can take. */
  private int firstFree() {
    return rows == BINDSPACE_ROWS ? RESERVED : 0;
  }

  private void write(int count, IntFunction<byte[]> code) throws IOException, SQLException {
    int first = firstFree();
    Map<Integer, byte[]> vocabulary = first == 0 ? Map.of() : vocabulary();
    try (FileChannel codes = create("codes.bin");
        FileChannel buckets = create("buckets.bin");
        Arena arena = Arena.ofShared()) {
      MemorySegment to = codes.map(FileChannel.MapMode.READ_WRITE, 0, (long) count * WIDTH, arena);
      IntStream.range(0, count)
          .parallel()
          .forEach(row ->
              MemorySegment.copy(
                  vocabulary.containsKey(row) ? vocabulary.get(row) : code.apply(row),
                  0,
                  to,
                  ValueLayout.JAVA_BYTE,
                  (long) row * WIDTH,
                  WIDTH));
      MemorySegment numbers = buckets.map(FileChannel.MapMode.READ_WRITE, 0, 2L * count, arena);
      for (int row = 0; row < count; row++) {
        int bucket =
            row >= first
                ? random.nextInt(1000)
                : vocabulary.containsKey(row) ? DataSet.VOCABULARY_BUCKET : 1000;
        numbers.set(ValueLayout.JAVA_BYTE, 2L * row, (byte) bucket);
        numbers.set(ValueLayout.JAVA_BYTE, 2L * row + 1, (byte) (bucket >> 8));
      }
    }
  }

  private FileChannel create(String file) throws IOException {
    return FileChannel.open(
        folder.resolve(file),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private static Map<Integer, byte[]> vocabulary() throws SQLException {
    Map<Integer, byte[]> codes = new HashMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT addr, fingerprint FROM bindspace.surface WHERE addr < " + RESERVED)) {
      while (rows.next()) {
        codes.put(rows.getInt(1), rows.getBytes(2));
      }
    }
    return codes;
  }

  private static byte[] uniform(SplittableRandom random) {
    byte[] code = new byte[WIDTH];
    random.nextBytes(code);
    return code;
  }

  /** A copy whose bits are each flipped with a probability of about {@code share}. */
  private static byte[] changed(byte[] code, double share, SplittableRandom random) {
    long[] words = Distance.words(code);
    int fraction = (int) Math.round(share * (1 << 10));
    java.nio.ByteBuffer result =
        java.nio.ByteBuffer.allocate(WIDTH).order(java.nio.ByteOrder.nativeOrder());
    for (long word : words) {
      // From the last binary digit of the share to the first: or keeps what is above, and halves.
      long flips = 0;
      for (int digit = 0; digit < 10; digit++) {
        long noise = random.nextLong();
        flips = (fraction >> digit & 1) == 1 ? flips | noise : flips & noise;
      }
      result.putLong(word ^ flips);
    }
    return result.array();
  }
}
