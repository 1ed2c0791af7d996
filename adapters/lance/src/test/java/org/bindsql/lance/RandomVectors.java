package org.bindsql.lance;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;

/** Random values and NULLs for vectors of many types. */
public final class RandomVectors {
  private RandomVectors() {}

  public static void fill(FieldVector vector, int rows, Random random) {
    vector.setInitialCapacity(rows);
    vector.allocateNew();
    switch (vector) {
      case ListVector list -> {
        int elements = 0;
        for (int i = 0; i < rows; i++) {
          if (random.nextInt(5) > 0) {
            list.startNewValue(i);
            int length = random.nextInt(4);
            elements += length;
            list.endValue(i, length);
          }
        }
        list.setLastSet(rows - 1);
        fill(list.getDataVector(), elements, random);
      }
      case FixedSizeListVector list -> {
        fill(list.getDataVector(), rows * list.getListSize(), random);
        for (int i = 0; i < rows; i++) {
          if (random.nextInt(5) > 0) {
            list.setNotNull(i);
          }
        }
      }
      case StructVector struct -> {
        struct.getChildrenFromFields().forEach(child -> fill(child, rows, random));
        for (int i = 0; i < rows; i++) {
          if (random.nextInt(5) > 0 || !struct.getField().isNullable()) {
            struct.setIndexDefined(i);
          }
        }
      }
      default -> {
        for (int i = 0; i < rows; i++) {
          if (random.nextInt(5) > 0 || !vector.getField().isNullable()) {
            set(vector, i, random);
          }
        }
      }
    }
    vector.setValueCount(rows);
  }

  private static void set(FieldVector vector, int row, Random random) {
    switch (vector) {
      case BitVector v -> v.setSafe(row, random.nextInt(2));
      case TimeSecVector v -> v.setSafe(row, random.nextInt(86_400));
      case TimeMicroVector v -> v.setSafe(row, random.nextLong(86_400_000_000L));
      case DateMilliVector v -> v.setSafe(row, random.nextInt(-9999, 9999) * 86_400_000L);
      case DecimalVector v -> v.setSafe(row, BigDecimal.valueOf(random.nextLong(), 3));
      case IntVector v -> v.setSafe(row, random.nextInt());
      case BaseFixedWidthVector v -> {
        byte[] bytes = new byte[v.getTypeWidth()];
        random.nextBytes(bytes);
        v.getDataBuffer().setBytes((long) row * bytes.length, bytes);
        org.apache.arrow.vector.BitVectorHelper.setBit(v.getValidityBuffer(), row);
      }
      case BaseVariableWidthVector v -> v.setSafe(row, text(random));
      case BaseLargeVariableWidthVector v -> v.setSafe(row, text(random));
      default -> throw new AssertionError(vector.getField());
    }
  }

  private static byte[] text(Random random) {
    return "é😀x\0'".repeat(random.nextInt(4)).getBytes(StandardCharsets.UTF_8);
  }
}
