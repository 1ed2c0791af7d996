package org.bindsql;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.ddl.LanceTables;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** Lance tables of codes for tests, written without SQL. */
public final class LanceFixture {
  private static final int BATCH_ROWS = 700;

  /** One row of table (id INTEGER, code BINARY(width), bucket INTEGER, tag VARCHAR). */
  public record Row(int id, byte @Nullable [] code, int bucket, @Nullable String tag) {}

  private LanceFixture() {}

  /** Creates a table in a database folder; the rows come in several batches. */
  public static void write(Path folder, String name, int width, List<Row> rows) {
    try (BufferAllocator allocator = new RootAllocator();
        LanceSession session = new LanceSession(allocator)) {
      Schema schema =
          new Schema(
              List.of(
                  Field.notNullable("id", new ArrowType.Int(32, true)),
                  Field.nullable("code", new ArrowType.FixedSizeBinary(width)),
                  Field.notNullable("bucket", new ArrowType.Int(32, true)),
                  Field.nullable("tag", new ArrowType.Utf8())));
      LanceTables.write(
          Location.of(folder),
          name,
          schema,
          new Rows(allocator, schema, rows),
          LanceTables.Mode.CREATE,
          session);
    }
  }

  private static final class Rows implements BatchReader {
    private final VectorSchemaRoot root;
    private final List<Row> rows;
    private int done;

    Rows(BufferAllocator allocator, Schema schema, List<Row> rows) {
      this.root = VectorSchemaRoot.create(schema, allocator);
      this.rows = rows;
    }

    @Override
    public @Nullable Batch next() {
      int count = Math.min(BATCH_ROWS, rows.size() - done);
      if (count == 0) {
        return null;
      }
      root.allocateNew();
      for (int i = 0; i < count; i++) {
        Row row = rows.get(done + i);
        ((IntVector) root.getVector(0)).setSafe(i, row.id);
        if (row.code != null) {
          ((FixedSizeBinaryVector) root.getVector(1)).setSafe(i, row.code);
        }
        ((IntVector) root.getVector(2)).setSafe(i, row.bucket);
        if (row.tag != null) {
          ((VarCharVector) root.getVector(3)).setSafe(i, row.tag.getBytes(StandardCharsets.UTF_8));
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
}
