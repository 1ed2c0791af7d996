package org.bindsql.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Rows (id BIGINT, bucket INTEGER 0..999, amount DOUBLE 0..100, name VARCHAR), the same every time.
 */
final class EventReader extends ArrowReader {
  static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.notNullable("id", new ArrowType.Int(64, true)),
              Field.notNullable("bucket", new ArrowType.Int(32, true)),
              Field.notNullable(
                  "amount", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
              Field.notNullable("name", ArrowType.Utf8.INSTANCE)));
  private static final int BATCH_ROWS = 65_536;

  private final long rows;
  private long next;

  EventReader(BufferAllocator allocator, long rows) {
    super(allocator);
    this.rows = rows;
  }

  @Override
  public boolean loadNextBatch() throws java.io.IOException {
    prepareLoadNextBatch();
    int count = (int) Math.min(BATCH_ROWS, rows - next);
    BigIntVector id = (BigIntVector) getVectorSchemaRoot().getVector(0);
    IntVector bucket = (IntVector) getVectorSchemaRoot().getVector(1);
    Float8Vector amount = (Float8Vector) getVectorSchemaRoot().getVector(2);
    VarCharVector name = (VarCharVector) getVectorSchemaRoot().getVector(3);
    getVectorSchemaRoot().allocateNew();
    for (int i = 0; i < count; i++) {
      long row = next + i;
      long mixed = mix(row);
      id.setSafe(i, row);
      bucket.setSafe(i, (int) Long.remainderUnsigned(mixed, 1000));
      amount.setSafe(i, (mixed >>> 40) % 10_000 / 100.0);
      name.setSafe(i, ("event " + mixed % 100_000).getBytes(StandardCharsets.US_ASCII));
    }
    getVectorSchemaRoot().setRowCount(count);
    next += count;
    return count > 0;
  }

  /** SplitMix64's finaliser. */
  private static long mix(long value) {
    long z = (value + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {}

  @Override
  protected Schema readSchema() {
    return SCHEMA;
  }
}
