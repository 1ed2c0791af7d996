package org.bindsql.lance.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

class ProjectionTest {
  private static final Field REAL =
      Field.nullable("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE));
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.nullable("id", new ArrowType.Int(64, true)),
              Field.nullable("text", ArrowType.Utf8.INSTANCE),
              Field.nullable("code", new ArrowType.FixedSizeBinary(2048)),
              new Field(
                  "huge",
                  FieldType.nullable(new ArrowType.FixedSizeList(1 << 24)),
                  List.of(REAL))));

  private static int batchRows(int wanted, int... columns) {
    List<int[]> sources = List.of(new int[] {0}, new int[] {1}, new int[] {2}, new int[] {3});
    Snapshot snapshot = new Snapshot(Manifest.detached(-1), SCHEMA, SCHEMA, sources, 0);
    return new Projection(snapshot, columns).batchRows(wanted);
  }

  @Test
  void batchesOfNarrowRowsAreAsWanted() {
    assertEquals(8192, batchRows(8192, 0, 1));
    assertEquals(65536, batchRows(65536, 0));
    assertEquals(3, batchRows(3, 2));
    assertEquals(8192, batchRows(8192)); // rows are only counted
  }

  @Test
  void batchesOfWideRowsAreBoundedByBytes() {
    assertEquals((8 << 20) / 2048, batchRows(8192, 2));
    assertEquals((8 << 20) / (2048 + 8), batchRows(8192, 0, 2));
    assertEquals(1, batchRows(8192, 3));
  }
}
