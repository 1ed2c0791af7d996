package org.bindsql.functions;

import java.lang.foreign.Arena;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.bindsql.expr.Column;
import org.bindsql.expr.VectorFunction;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;

/**
 * Batch form of the Hamming distances and of similarity, on the memory of the vectors.
 *
 * <p>One constant against a fixed-width column is one call of the kernel; anything else is one call
 * a row.
 */
record DistanceFunction(String function, boolean semantic) implements VectorFunction {
  @Override
  public void apply(List<Column> arguments, Selection rows, FieldVector result) {
    if (rows.isEmpty()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      BinaryColumn left = BinaryColumn.of(function, 0, arguments.get(0)).toNative(arena);
      BinaryColumn right = BinaryColumn.of(function, 1, arguments.get(1)).toNative(arena);
      Writer writer = writer(result);
      if (left instanceof BinaryColumn.Constant constant
          && right instanceof BinaryColumn.Fixed fixed) {
        constantToFixed(constant, fixed, true, rows, result, writer);
      } else if (left instanceof BinaryColumn.Fixed fixed
          && right instanceof BinaryColumn.Constant constant) {
        constantToFixed(constant, fixed, false, rows, result, writer);
      } else {
        rowByRow(left, right, rows, result, writer);
      }
    }
  }

  private void constantToFixed(
      BinaryColumn.Constant constant,
      BinaryColumn.Fixed fixed,
      boolean constantFirst,
      Selection rows,
      FieldVector result,
      Writer writer) {
    int bytes = fixed.length(0);
    boolean allNull = constant.isNull(0);
    if (!allNull && anyValid(fixed, rows)) {
      int other = constant.length(0);
      check(constantFirst ? other : bytes, constantFirst ? bytes : other); // as they are written
    } else {
      allNull = true;
    }
    int[] distances = new int[rows.count()];
    if (!allNull) {
      compute(constant, fixed, rows, distances);
    }
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      if (allNull || fixed.isNull(row)) {
        result.setNull(row);
      } else {
        writer.write(row, distances[i], bytes);
      }
    }
  }

  private static boolean anyValid(BinaryColumn column, Selection rows) {
    for (int i = 0; i < rows.count(); i++) {
      if (!column.isNull(rows.position(i))) {
        return true;
      }
    }
    return false;
  }

  private void compute(
      BinaryColumn.Constant constant, BinaryColumn.Fixed fixed, Selection rows, int[] out) {
    HammingKernel kernel = HammingKernel.get();
    int stride = fixed.length(0);
    int bytes = compared(stride);
    if (rows.isRange()) {
      kernel.distances(
          constant.segment(0),
          fixed.segment(0),
          fixed.offset(rows.from()),
          stride,
          rows.count(),
          bytes,
          out);
    } else {
      kernel.gather(
          constant.segment(0),
          fixed.segment(0),
          0,
          stride,
          rows.positions(),
          0,
          rows.count(),
          bytes,
          out);
    }
  }

  private void rowByRow(
      BinaryColumn left, BinaryColumn right, Selection rows, FieldVector result, Writer writer) {
    HammingKernel kernel = HammingKernel.get();
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      if (left.isNull(row) || right.isNull(row)) {
        result.setNull(row);
        continue;
      }
      int bytes = left.length(row);
      check(bytes, right.length(row));
      int distance =
          kernel.distance(
              left.segment(row),
              left.offset(row),
              right.segment(row),
              right.offset(row),
              compared(bytes));
      writer.write(row, distance, bytes);
    }
  }

  private void check(int left, int right) {
    if (semantic) {
      Bits.checkRecord(function, left);
      Bits.checkRecord(function, right);
    } else {
      Bits.checkSameLength(function, left, right);
    }
  }

  private int compared(int bytes) {
    return semantic ? Bits.SEMANTIC_BYTES : bytes;
  }

  private interface Writer {
    void write(int row, int distance, int bytes);
  }

  private Writer writer(FieldVector result) {
    return switch (result) {
      case IntVector integers -> (row, distance, bytes) -> integers.set(row, distance);
      case Float8Vector doubles ->
          (row, distance, bytes) -> doubles.set(row, Distances.similarity(distance, bytes));
      default -> throw Numbers.unexpected(function, 0, "an INTEGER or DOUBLE result", result);
    };
  }
}
