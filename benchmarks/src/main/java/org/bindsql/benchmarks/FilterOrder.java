package org.bindsql.benchmarks;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.jdbc.BindConnection;

/**
 * Filter first against distance first: the ten nearest rows of a clustered table (id BIGINT, t
 * VARCHAR of 200 characters, fp BINARY(2048)) that pass a filter on the text, by SQL. The letter a
 * is in half of the texts, b in 5 %, c in 0.5 %.
 */
public final class FilterOrder {
  private static final List<String> FILTERS =
      List.of("t LIKE '%a%'", "t LIKE '%b%'", "t LIKE '%c%'", "id >= 500", "UPPER(t) LIKE '%A%'");
  private static final int QUERIES = 8;

  private FilterOrder() {}

  /**
   * Runs everything.
   *
   * @param args a folder, where the table is made at the first run; rows; then SQL statements of
   *     which each one that begins with SELECT is measured and the others are run
   */
  public static void main(String[] args) throws Exception {
    int rows = Integer.parseInt(args[1]);
    Path folder = Path.of(args[0]);
    boolean isNew = !Files.exists(folder.resolve("docs.lance"));
    Files.createDirectories(folder);
    try (CodeSet set = new CodeSet(isNew ? rows : 1000, CodeSet.Kind.CLUSTERED);
        Connection connection =
            DriverManager.getConnection(
                "jdbc:bindsql:path=" + folder + ";maintenance=off;fingerprint_cache=4GB");
        Statement statement = connection.createStatement()) {
      if (isNew) {
        create(connection, statement, set);
      }
      byte[][] queries = queries(statement, rows);
      for (String sql : args.length > 2 ? List.of(args).subList(2, args.length) : statements()) {
        if (sql.startsWith("SELECT")) {
          measure(connection, sql, queries);
        } else {
          statement.execute(sql);
          System.out.println(sql);
        }
      }
    }
  }

  private static List<String> statements() {
    List<String> all = new ArrayList<>();
    all.add("SELECT id FROM docs ORDER BY hamming_distance(fp, ?) LIMIT 10"); // loads the column
    for (String recall : List.of("1.0", "0.9999")) {
      all.add("SET hdr.recall = " + recall);
      for (String filter : FILTERS) {
        for (String first : List.of("filter", "distance", "auto")) {
          all.add("SET hdr.first = '" + first + "'");
          all.add(
              "SELECT id FROM docs WHERE " + filter + " ORDER BY hamming_distance(fp, ?) LIMIT 10");
        }
      }
    }
    return all;
  }

  private static void measure(Connection connection, String sql, byte[][] queries)
      throws SQLException {
    try (PreparedStatement search = connection.prepareStatement(sql)) {
      double[] millis = new double[2 * QUERIES];
      int parameters = search.getParameterMetaData().getParameterCount();
      for (int i = -2; i < millis.length; i++) {
        for (int p = 1; p <= parameters; p++) {
          search.setBytes(p, queries[(i + QUERIES) % QUERIES]);
        }
        long start = System.nanoTime();
        try (ResultSet found = search.executeQuery()) {
          while (found.next()) {
            found.getLong(1);
          }
        }
        if (i >= 0) {
          millis[i] = (System.nanoTime() - start) / 1e6;
        }
      }
      Arrays.sort(millis);
      System.out.printf(
          Locale.ROOT,
          "%9.2f ms, %8.2f to %8.2f | %s%n",
          millis[QUERIES],
          millis[0],
          millis[2 * QUERIES - 1],
          sql);
    }
  }

  /** Rows of the table, each with a few bits flipped. */
  private static byte[][] queries(Statement statement, int rows) throws SQLException {
    SplittableRandom random = new SplittableRandom(7);
    byte[][] queries = new byte[QUERIES][];
    for (int i = 0; i < QUERIES; i++) {
      try (ResultSet row =
          statement.executeQuery("SELECT fp FROM docs WHERE id = " + random.nextInt(rows))) {
        row.next();
        queries[i] = row.getBytes(1);
      }
      for (int flips = 0; flips < 1600; flips++) {
        queries[i][random.nextInt(CodeSet.WIDTH)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      }
    }
    return queries;
  }

  private static void create(Connection connection, Statement statement, CodeSet set)
      throws Exception {
    statement.execute("CREATE TABLE docs (id BIGINT, t VARCHAR, fp BINARY(2048))");
    try (BufferAllocator allocator = new RootAllocator();
        ArrowReader rows = new Rows(allocator, set)) {
      connection.unwrap(BindConnection.class).insertArrow("docs", rows);
    }
  }

  private static final class Rows extends ArrowReader {
    private static final int BATCH_ROWS = 8192;

    private final CodeSet set;
    private final SplittableRandom random = new SplittableRandom(1);
    private int next;

    Rows(BufferAllocator allocator, CodeSet set) {
      super(allocator);
      this.set = set;
    }

    @Override
    public boolean loadNextBatch() throws java.io.IOException {
      prepareLoadNextBatch();
      int count = Math.min(BATCH_ROWS, set.rows - next);
      BigIntVector id = (BigIntVector) getVectorSchemaRoot().getVector(0);
      VarCharVector text = (VarCharVector) getVectorSchemaRoot().getVector(1);
      FixedSizeBinaryVector code = (FixedSizeBinaryVector) getVectorSchemaRoot().getVector(2);
      getVectorSchemaRoot().allocateNew();
      byte[] bytes = new byte[CodeSet.WIDTH];
      for (int i = 0; i < count; i++) {
        long at = (long) (next + i) * CodeSet.WIDTH;
        MemorySegment.copy(set.codes, ValueLayout.JAVA_BYTE, at, bytes, 0, bytes.length);
        id.setSafe(i, next + i);
        text.setSafe(i, text());
        code.setSafe(i, bytes);
      }
      getVectorSchemaRoot().setRowCount(count);
      next += count;
      return count > 0;
    }

    private byte[] text() {
      byte[] text = new byte[200];
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) ('d' + random.nextInt('z' - 'd' + 1));
      }
      int kind = random.nextInt(1000);
      if (kind < 500) {
        text[random.nextInt(200)] = 'a';
      } else if (kind < 550) {
        text[random.nextInt(200)] = 'b';
      } else if (kind < 555) {
        text[random.nextInt(200)] = 'c';
      }
      return text;
    }

    @Override
    public long bytesRead() {
      return 0;
    }

    @Override
    protected void closeReadSource() {}

    @Override
    protected Schema readSchema() {
      return new Schema(
          List.of(
              Field.notNullable("id", new ArrowType.Int(64, true)),
              Field.notNullable("t", ArrowType.Utf8.INSTANCE),
              Field.notNullable("fp", new ArrowType.FixedSizeBinary(CodeSet.WIDTH))));
    }
  }
}
