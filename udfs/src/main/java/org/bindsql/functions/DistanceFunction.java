package org.bindsql.functions;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.bindsql.expr.Column;
import org.bindsql.expr.VectorFunction;
import org.bindsql.vector.Selection;

/** Batch form of the Hamming distances and of similarity, on the memory of the vectors. */
record DistanceFunction(String function, boolean semantic) implements VectorFunction {
  @Override
  public void apply(List<Column> arguments, Selection rows, FieldVector result) {
    BinaryColumn left = BinaryColumn.of(function, 0, arguments.get(0));
    BinaryColumn right = BinaryColumn.of(function, 1, arguments.get(1));
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      if (left.isNull(row) || right.isNull(row)) {
        result.setNull(row);
        continue;
      }
      int bytes = left.length(row);
      if (semantic) {
        Bits.checkRecord(function, bytes);
        Bits.checkRecord(function, right.length(row));
      } else {
        Bits.checkSameLength(function, bytes, right.length(row));
      }
      int distance =
          Bits.hamming(
              left.segment(row),
              left.offset(row),
              right.segment(row),
              right.offset(row),
              semantic ? Bits.SEMANTIC_BYTES : bytes);
      switch (result) {
        case IntVector integers -> integers.set(row, distance);
        case Float8Vector doubles -> doubles.set(row, Distances.similarity(distance, bytes));
        default -> throw Numbers.unexpected(function, 0, "INTEGER or DOUBLE result", result);
      }
    }
  }
}
