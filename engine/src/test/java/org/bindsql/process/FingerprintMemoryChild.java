package org.bindsql.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.engine.Database;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.ddl.LanceTables;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Main class of a child JVM: searches a table of many fingerprints for k rows, each way that memory
 * allows, and prints for each the greatest number of off-heap bytes, and at the end {@code done}.
 * An answer that differs from brute force ends it with a message.
 */
final class FingerprintMemoryChild {
  private static final int WORDS = 32;
  private static final int BATCH = 8192;

  /** One row in so many has its fingerprint near the query. */
  private static final int NEAR = 2_000;

  private FingerprintMemoryChild() {}

  /**
   * Arguments: folder, rows, k, then pairs of a value of fingerprint_cache and one of hdr.recall.
   */
  public static void main(String[] arguments) throws SQLException {
    Path folder = Path.of(arguments[0]);
    int rows = Integer.parseInt(arguments[1]);
    int k = Integer.parseInt(arguments[2]);
    if (!Files.exists(folder.resolve("t.lance"))) {
      write(folder, rows);
    }
    long[] expected = nearest(rows, k);
    for (int i = 3; i < arguments.length; i += 2) {
      forgetPeak();
      long peak = search(folder, arguments[i], arguments[i + 1], expected);
      System.out.println(peak + " " + peakResident());
    }
    System.out.println("done");
  }

  /** Lets Linux count the greatest size of the process anew. */
  private static void forgetPeak() {
    try {
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    } catch (IOException e) {
      return; // another system: no size is told
    }
  }

  private static long peakResident() {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      return status
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      return -1;
    }
  }

  private static long mixed(long value) {
    long z = value * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static long queryWord(int word) {
    return mixed(-1L - word);
  }

  /** A word of a row: random, or the query's with a sixteenth of the bits flipped. */
  private static long word(long row, int word) {
    long random = mixed(row * WORDS + word);
    if (row % NEAR != 7) {
      return random;
    }
    return queryWord(word) ^ (random & mixed(random) & mixed(random + 1) & mixed(random + 2));
  }

  private static void write(Path folder, int rows) {
    try (BufferAllocator allocator = new RootAllocator();
        LanceSession session = new LanceSession(allocator)) {
      Schema schema =
          new Schema(
              List.of(
                  Field.notNullable("id", new ArrowType.Int(64, true)),
                  Field.notNullable("code", new ArrowType.FixedSizeBinary(WORDS * Long.BYTES))));
      LanceTables.write(
          Location.of(folder),
          "t",
          schema,
          new Rows(VectorSchemaRoot.create(schema, allocator), rows),
          LanceTables.Mode.CREATE,
          session);
    }
  }

  private static final class Rows implements BatchReader {
    private final VectorSchemaRoot root;
    private final int rows;
    private int done;

    Rows(VectorSchemaRoot root, int rows) {
      this.root = root;
      this.rows = rows;
    }

    @Override
    public @Nullable Batch next() {
      int count = Math.min(BATCH, rows - done);
      if (count == 0) {
        return null;
      }
      BigIntVector id = (BigIntVector) root.getVector(0);
      FixedSizeBinaryVector code = (FixedSizeBinaryVector) root.getVector(1);
      id.allocateNew(count);
      code.allocateNew(count);
      for (int i = 0; i < count; i++) {
        id.set(i, done + i);
        code.setIndexDefined(i);
        for (int w = 0; w < WORDS; w++) {
          code.getDataBuffer().setLong(((long) i * WORDS + w) * Long.BYTES, word(done + i, w));
        }
      }
      root.setRowCount(count);
      done += count;
      return Batch.of(root.getFieldVectors(), count);
    }

    @Override
    public void close() {
      root.close();
    }
  }

  /** The k rows nearest to the query by brute force: by distance, then by row. */
  private static long[] nearest(int rows, int k) {
    short[] distances = new short[rows];
    int[] counts = new int[WORDS * Long.SIZE + 1];
    for (int row = 0; row < rows; row++) {
      int distance = 0;
      for (int w = 0; w < WORDS; w++) {
        distance += Long.bitCount(word(row, w) ^ queryWord(w));
      }
      distances[row] = (short) distance;
      counts[distance]++;
    }
    long[] nearest = new long[k];
    int found = 0;
    for (int distance = 0; found < k; distance++) {
      for (int row = 0; counts[distance] > 0 && row < rows && found < k; row++) {
        if (distances[row] == distance) {
          nearest[found++] = row;
        }
      }
    }
    return nearest;
  }

  /** Searches twice; returns the greatest number of bytes off the heap. */
  private static long search(Path folder, String cache, String recall, long[] expected)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Database database = Database.open(folder.toString(), true);
        Statement settings = connection.createStatement();
        PreparedStatement search =
            connection.prepareStatement(
                "SELECT id FROM t ORDER BY hamming_distance(code, ?) LIMIT " + expected.length)) {
      settings.execute("SET fingerprint_cache = '" + cache + "'");
      settings.execute("SET hdr.recall = " + recall);
      byte[] query = new byte[WORDS * Long.BYTES];
      for (int i = 0; i < query.length; i++) {
        query[i] = (byte) (queryWord(i / Long.BYTES) >>> i % Long.BYTES * 8);
      }
      for (int run = 0; run < 2; run++) {
        long start = System.nanoTime();
        search.setBytes(1, query);
        List<Long> found = new ArrayList<>();
        try (ResultSet result = search.executeQuery()) {
          while (result.next()) {
            found.add(result.getLong(1));
          }
        }
        System.err.printf(
            "cache %s, recall %s: %d ms%n", cache, recall, (System.nanoTime() - start) / 1_000_000);
        check(found, expected, Double.parseDouble(recall), "cache " + cache + ", recall " + recall);
      }
      return database.allocator().getPeakMemoryAllocation();
    }
  }

  /** The rows expected, in their order; with a recall below 1, at least that share of them. */
  private static void check(List<Long> found, long[] expected, double recall, String how) {
    List<Long> all = Arrays.stream(expected).boxed().toList();
    Set<Long> missing = new HashSet<>(all);
    missing.removeAll(found);
    boolean right =
        recall == 1
            ? found.equals(all)
            : found.size() == all.size() && missing.size() <= (1 - recall) * all.size();
    if (!right) {
      throw new IllegalStateException(how + ": " + missing.size() + " rows are missing");
    }
  }
}
