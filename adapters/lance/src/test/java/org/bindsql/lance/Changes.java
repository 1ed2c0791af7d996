package org.bindsql.lance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rel.type.RelDataTypeFieldImpl;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.write.LanceTransaction;
import org.bindsql.table.ChangeTable;
import org.bindsql.table.ScanRequest;
import org.bindsql.type.CellWriter;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.index.IndexOptions;
import org.lance.index.IndexParams;
import org.lance.index.IndexType;
import org.lance.index.scalar.ScalarIndexParams;

/** Tables of a test, changed by rows of Java values. */
public record Changes(Lance lance) {
  private static final RelDataTypeFactory TYPES =
      new SqlTypeFactoryImpl(org.apache.calcite.rel.type.RelDataTypeSystem.DEFAULT);

  /** One row of a change. */
  public record Row(int action, @Nullable Long address, List<@Nullable Object> values) {
    public static Row insert(@Nullable Object... values) {
      return new Row(ChangeTable.INSERT, null, Arrays.asList(values));
    }

    public static Row update(long address, @Nullable Object... values) {
      return new Row(ChangeTable.UPDATE, address, Arrays.asList(values));
    }

    public static Row delete(long address, int columns) {
      return new Row(ChangeTable.DELETE, address, Collections.nCopies(columns, null));
    }
  }

  public void create(String name, Schema columns, boolean stableRowIds, String format) {
    lance.session.load();
    Dataset.write()
        .allocator(lance.allocator)
        .schema(columns)
        .uri(lance.schema.location().resolve(name + ".lance").uri())
        .enableStableRowIds(stableRowIds)
        .dataStorageVersion(format)
        .execute()
        .close();
  }

  /** Creates an empty table with dictionary-encoded columns, which the plain call does not know. */
  void createEncoded(String name, Schema columns) {
    lance.session.load();
    ArrowReader nothing =
        new ArrowReader(lance.allocator) {
          @Override
          public boolean loadNextBatch() {
            return false;
          }

          @Override
          public long bytesRead() {
            return 0;
          }

          @Override
          protected void closeReadSource() {}

          @Override
          protected Schema readSchema() {
            return columns;
          }
        };
    try (nothing;
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(lance.allocator)) {
      Data.exportArrayStream(lance.allocator, nothing, stream);
      Dataset.write().allocator(lance.allocator).stream(stream)
          .uri(lance.schema.location().resolve(name + ".lance").uri())
          .execute()
          .close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void configure(String name, String key, String value) {
    try (Dataset dataset = open(name)) {
      dataset.updateConfig(Map.of(key, value));
    }
  }

  /** Makes a BTREE index of a column. */
  public void index(String name, String column) {
    IndexParams params =
        IndexParams.builder().setScalarIndexParams(ScalarIndexParams.create("btree", "{}")).build();
    try (Dataset dataset = open(name)) {
      dataset.createIndex(
          IndexOptions.builder(List.of(column), IndexType.BTREE, params)
              .withIndexName(column + "_index")
              .build());
    }
  }

  public Dataset open(String name) {
    return Dataset.open()
        .allocator(lance.allocator)
        .uri(lance.table(name).location().uri())
        .build();
  }

  public long version(String name) {
    try (Dataset dataset = open(name)) {
      return dataset.version();
    }
  }

  /** A statement's context. */
  public ExecutionContext context(@Nullable StatementScope scope) {
    return context(scope, null);
  }

  /** The context of a statement in a transaction. */
  public ExecutionContext context(
      @Nullable StatementScope scope, @Nullable LanceTransaction transaction) {
    return new ExecutionContext(
        lance.allocator,
        name ->
            switch (name) {
              case StatementScope.VARIABLE -> scope;
              case LanceTransaction.VARIABLE -> transaction;
              default -> null;
            },
        new AtomicBoolean(),
        3,
        1,
        null);
  }

  @SafeVarargs
  public final long append(String name, List<@Nullable Object>... rows) {
    return append(name, null, rows);
  }

  public long append(String name, List<List<@Nullable Object>> rows) {
    LanceTable table = lance.table(name);
    return table.append(reader(table.arrowSchema(), 1000, rows), context(null));
  }

  @SafeVarargs
  public final long append(
      String name, @Nullable StatementScope scope, List<@Nullable Object>... rows) {
    LanceTable table = lance.table(name);
    return table.append(reader(table.arrowSchema(), 2, Arrays.asList(rows)), context(scope));
  }

  public long apply(String name, StatementScope scope, Row... rows) {
    return apply(name, scope, Arrays.asList(rows));
  }

  public long apply(String name, StatementScope scope, List<Row> rows) {
    LanceTable table = lance.table(name);
    return table.apply(changeReader(table.arrowSchema(), rows), context(scope));
  }

  public BatchReader changeReader(Schema columns, List<Row> rows) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.notNullable(ChangeTable.ACTION, new ArrowType.Int(32, true)));
    fields.add(Field.nullable(ChangeTable.ROW_ADDRESS, new ArrowType.Int(64, true)));
    for (Field field : columns.getFields()) {
      fields.add(new Field(field.getName(), nullable(field), field.getChildren()));
    }
    List<List<@Nullable Object>> values = new ArrayList<>();
    for (Row row : rows) {
      List<@Nullable Object> all = new ArrayList<>();
      all.add(row.action());
      all.add(row.address());
      all.addAll(row.values());
      values.add(all);
    }
    return reader(new Schema(fields), 2, values);
  }

  private static org.apache.arrow.vector.types.pojo.FieldType nullable(Field field) {
    return org.apache.arrow.vector.types.pojo.FieldType.nullable(field.getType());
  }

  /** Batches of rows, in vectors that allow NULL and are refilled for every batch. */
  public BatchReader reader(
      Schema columns, int batchSize, List<? extends List<@Nullable Object>> rows) {
    List<Field> fields = new ArrayList<>();
    columns
        .getFields()
        .forEach(f -> fields.add(new Field(f.getName(), nullable(f), f.getChildren())));
    VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields), lance.allocator);
    return new BatchReader() {
      private int next;
      private boolean closed;

      @Override
      public @Nullable Batch next() {
        int count = Math.min(batchSize, rows.size() - next);
        if (count == 0) {
          return null;
        }
        for (int c = 0; c < fields.size(); c++) {
          FieldVector vector = root.getVector(c);
          vector.reset();
          CellWriter writer = CellWriter.of(vector);
          for (int i = 0; i < count; i++) {
            writer.set(i, rows.get(next + i).get(c));
          }
          vector.setValueCount(count);
        }
        next += count;
        return Batch.of(root.getFieldVectors(), count);
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          root.close();
        }
      }
    };
  }

  public List<List<@Nullable Object>> read(
      String name, List<String> lanceColumns, ScanRequest request, @Nullable StatementScope scope) {
    List<RelDataTypeField> fields = new ArrayList<>();
    for (String column : lanceColumns) {
      fields.add(
          new RelDataTypeFieldImpl(column, fields.size(), TYPES.createSqlType(SqlTypeName.BIGINT)));
    }
    LanceTable table = lance.table(name);
    LanceTable read = fields.isEmpty() ? table : (LanceTable) table.extend(fields);
    try (BatchReader reader = read.scan(request, context(scope))) {
      return Lance.rows(reader);
    }
  }

  /** Addresses of all rows of the version that a statement reads. */
  public List<Long> addresses(String name, StatementScope scope) {
    int column = lance.table(name).arrowSchema().getFields().size();
    return read(name, List.of(ChangeTable.ROW_ADDRESS), ScanRequest.of(column), scope).stream()
        .map(row -> (Long) row.getFirst())
        .toList();
  }

  public List<List<@Nullable Object>> idsAndVersions(String name) {
    int first = lance.table(name).arrowSchema().getFields().size();
    List<List<@Nullable Object>> rows =
        new ArrayList<>(
            read(
                name,
                List.of("_rowid", "_row_created_at_version", "_row_last_updated_at_version"),
                ScanRequest.of(0, first, first + 1, first + 2),
                null));
    rows.sort(java.util.Comparator.comparing(Object::toString));
    return rows;
  }

  public List<List<@Nullable Object>> rows(String name) {
    int columns = lance.table(name).arrowSchema().getFields().size();
    int[] all = java.util.stream.IntStream.range(0, columns).toArray();
    return read(name, List.of(), ScanRequest.of(all), null);
  }

  public String dump(String name) {
    return Lance.printable(rows(name)).toString();
  }

  public String sorted(String name, Schema columns) {
    return Lance.printable(rows(name)).stream().sorted().toList().toString();
  }
}
