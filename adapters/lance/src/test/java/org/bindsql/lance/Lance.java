package org.bindsql.lance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.Text;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.ddl.LanceTables;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** A database folder for a test, with an allocator that fails on a leak. */
public final class Lance implements AutoCloseable {
  public static final Schema NUMBERS =
      new Schema(
          List.of(
              Field.nullable("id", new ArrowType.Int(64, true)),
              Field.nullable("text", ArrowType.Utf8.INSTANCE)));

  public final RootAllocator allocator = new RootAllocator();
  public final LanceSession session = new LanceSession(allocator);
  public final LanceSchema schema;

  public Lance(Path folder) {
    this.schema = new LanceSchema(Location.of(folder), session);
  }

  /** Writes rows (i, "s" + i). */
  public void writeNumbers(String name, Mode mode, int from, int to) {
    BigIntVector id = new BigIntVector("id", allocator);
    VarCharVector text = new VarCharVector("text", allocator);
    for (int i = from; i < to; i++) {
      id.setSafe(i - from, i);
      text.setSafe(i - from, new Text("s" + i));
    }
    id.setValueCount(to - from);
    text.setValueCount(to - from);
    write(name, mode, NUMBERS, to - from, id, text);
  }

  /** Writes one batch and closes its vectors. */
  public void write(String name, Mode mode, Schema columns, int rows, FieldVector... vectors) {
    try {
      LanceTables.write(
          schema.location(),
          name,
          columns,
          oneBatch(Batch.of(List.of(vectors), rows)),
          mode,
          session);
    } finally {
      Arrays.stream(vectors).forEach(FieldVector::close);
    }
  }

  public static BatchReader oneBatch(Batch batch) {
    return new BatchReader() {
      private @Nullable Batch left = batch;

      @Override
      public @Nullable Batch next() {
        Batch next = left;
        left = null;
        return next;
      }

      @Override
      public void close() {}
    };
  }

  public ExecutionContext context(Object... parameters) {
    return new ExecutionContext(
        allocator,
        name -> name.startsWith("?") ? parameters[Integer.parseInt(name.substring(1))] : null,
        new AtomicBoolean(),
        100,
        2,
        null);
  }

  public LanceTable table(String name) {
    LanceTable table = schema.table(name);
    if (table == null) {
      throw new AssertionError("no table " + name);
    }
    return table;
  }

  /** Rows of the version or branch that a reference names. */
  public long count(References references, String name) {
    return VersionTable.of(name, references, List.of(new Reference.Name(name)))
        .count(ScanRequest.of(), context());
  }

  public List<List<@Nullable Object>> rows(String name, ScanRequest request, Object... parameters) {
    try (BatchReader reader = table(name).scan(request, context(parameters))) {
      return rows(reader);
    }
  }

  /** The active rows as Java values, texts as String. */
  public static List<List<@Nullable Object>> rows(BatchReader reader) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
      for (int i = 0; i < batch.selection().count(); i++) {
        List<@Nullable Object> row = new ArrayList<>();
        for (FieldVector column : batch.columns()) {
          Object value = column.getObject(batch.selection().position(i));
          row.add(value instanceof Text text ? text.toString() : value);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** Rows as text, arrays by content, so that NaN and nested arrays compare. */
  public static List<String> printable(List<List<@Nullable Object>> rows) {
    return rows.stream().map(row -> Arrays.deepToString(row.toArray())).toList();
  }

  @Override
  public void close() {
    session.close();
    allocator.close();
  }
}
