package org.bindsql.benchmarks.peers;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** A data set's rows (id INTEGER, bucket INTEGER, fp BINARY(2048)) in Arrow batches. */
final class RowReader extends ArrowReader {
  private static final int BATCH_ROWS = 8192;

  private final DataSet set;
  private int next;

  RowReader(BufferAllocator allocator, DataSet set) {
    super(allocator);
    this.set = set;
  }

  @Override
  public boolean loadNextBatch() throws java.io.IOException {
    prepareLoadNextBatch();
    int count = Math.min(BATCH_ROWS, set.rows - next);
    IntVector id = (IntVector) getVectorSchemaRoot().getVector(0);
    IntVector bucket = (IntVector) getVectorSchemaRoot().getVector(1);
    FixedSizeBinaryVector code = (FixedSizeBinaryVector) getVectorSchemaRoot().getVector(2);
    id.allocateNew(count);
    bucket.allocateNew(count);
    code.allocateNew(count);
    for (int i = 0; i < count; i++) {
      id.set(i, next + i);
      bucket.set(i, set.bucket(next + i));
      code.setIndexDefined(i);
    }
    long bytes = (long) count * DataSet.WIDTH;
    MemorySegment.ofAddress(code.getDataBufferAddress())
        .reinterpret(bytes)
        .copyFrom(set.codes.asSlice((long) next * DataSet.WIDTH, bytes));
    getVectorSchemaRoot().setRowCount(count);
    next += count;
    return count > 0;
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
            Field.notNullable("id", new ArrowType.Int(32, true)),
            Field.notNullable("bucket", new ArrowType.Int(32, true)),
            Field.notNullable("fp", new ArrowType.FixedSizeBinary(DataSet.WIDTH))));
  }
}
