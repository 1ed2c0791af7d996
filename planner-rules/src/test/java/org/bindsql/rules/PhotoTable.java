package org.bindsql.rules;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.impl.AbstractTable;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.Codes;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.CodeReader;
import org.bindsql.table.FingerprintTable;
import org.bindsql.table.ScanRequest;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** An application's table of photographs with 64-bit perceptual hashes, kept as Arrow vectors. */
final class PhotoTable extends AbstractTable implements FingerprintTable, AutoCloseable {
  private static final int HASH = 1;
  private static final int HASH_BYTES = 8;

  private final Schema schema =
      new Schema(
          List.of(
              Field.notNullable("name", new ArrowType.Utf8()),
              Field.notNullable("hash", new ArrowType.FixedSizeBinary(HASH_BYTES))));
  private final VectorSchemaRoot rows;

  PhotoTable(BufferAllocator memory) {
    rows = VectorSchemaRoot.create(schema, memory);
  }

  void add(String name, long hash) {
    int row = rows.getRowCount();
    byte[] bytes =
        ByteBuffer.allocate(HASH_BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(hash).array();
    ((VarCharVector) rows.getVector(0)).setSafe(row, name.getBytes(StandardCharsets.UTF_8));
    ((FixedSizeBinaryVector) rows.getVector(HASH)).setSafe(row, bytes);
    rows.setRowCount(row + 1);
  }

  @Override
  public Schema arrowSchema() {
    return schema;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    return ArrowTypes.toRowType(typeFactory, schema);
  }

  @Override
  public double estimateRowCount() {
    return rows.getRowCount();
  }

  @Override
  public BatchReader scan(ScanRequest request, ExecutionContext context) {
    return new OneBatch(all().select(request.columns()));
  }

  private Batch all() {
    return Batch.of(rows.getFieldVectors(), rows.getRowCount());
  }

  @Override
  public boolean isSearchable(int column) {
    return column == HASH;
  }

  @Override
  public CodeReader openCodes(
      int codeColumn, int[] columns, List<RexNode> filter, ExecutionContext context) {
    return new Hashes(columns);
  }

  @Override
  public void close() {
    rows.close();
  }

  /** The hashes as one partition of one block; row keys are positions. */
  private final class Hashes implements CodeReader {
    private final int[] columns;

    Hashes(int[] columns) {
      this.columns = columns;
    }

    @Override
    public int width() {
      return HASH_BYTES;
    }

    @Override
    public List<Partition> partitions() {
      long address = rows.getVector(HASH).getDataBufferAddress();
      MemorySegment codes =
          MemorySegment.ofAddress(address).reinterpret((long) rows.getRowCount() * HASH_BYTES);
      return List.of(
          new OneBlock(
              new CodeBlock(
                  Codes.rowMajor(codes, HASH_BYTES, all().rowCount()),
                  all().select(columns),
                  null,
                  0,
                  null)));
    }

    @Override
    public BatchReader fetch(long[] rowKeys, int[] wanted) {
      FieldVector[] copies = new FieldVector[wanted.length];
      for (int c = 0; c < wanted.length; c++) {
        FieldVector from = rows.getVector(wanted[c]);
        copies[c] = from.getField().createVector(from.getAllocator());
        for (int i = 0; i < rowKeys.length; i++) {
          copies[c].copyFromSafe((int) rowKeys[i], i, from);
        }
        copies[c].setValueCount(rowKeys.length);
      }
      return new OneBatch(
          new Batch(List.of(copies), rowKeys.length, Selection.range(0, rowKeys.length)), copies);
    }

    @Override
    public void close() {
      // The table owns the vectors.
    }
  }

  private static final class OneBlock implements CodeReader.Partition {
    private @Nullable CodeBlock block;

    OneBlock(CodeBlock block) {
      this.block = block;
    }

    @Override
    public @Nullable CodeBlock next() {
      CodeBlock next = block;
      block = null;
      return next;
    }

    @Override
    public void close() {
      block = null;
    }
  }

  private static final class OneBatch implements BatchReader {
    private final FieldVector[] owned;
    private @Nullable Batch batch;

    OneBatch(Batch batch, FieldVector... owned) {
      this.batch = batch;
      this.owned = owned;
    }

    @Override
    public @Nullable Batch next() {
      Batch next = batch;
      batch = null;
      return next;
    }

    @Override
    public void close() {
      for (FieldVector vector : owned) {
        vector.close();
      }
    }
  }
}
