package org.bindsql.files;

import java.math.BigDecimal;
import java.util.HexFormat;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.type.CellReader;
import org.jspecify.annotations.Nullable;

/** Values of one vector as text that {@link TextParser} reads back to the same value. */
@FunctionalInterface
interface TextPrinter {
  /** The text of a row's value; null for NULL. */
  @Nullable String get(int row);

  /** A printer of the vector as it is now. */
  static TextPrinter of(FieldVector vector) {
    return switch (vector) {
      case BitVector v -> row -> v.isNull(row) ? null : v.get(row) == 0 ? "false" : "true";
      case DateDayVector v -> row -> v.isNull(row) ? null : TimeText.printDate(v.get(row));
      case DateMilliVector v ->
          row ->
              v.isNull(row)
                  ? null
                  : TimeText.printDate((int) Math.floorDiv(v.get(row), 86_400_000L));
      case TimeSecVector v ->
          row -> v.isNull(row) ? null : TimeText.printTime(v.get(row), TimeUnit.SECOND);
      case TimeMilliVector v ->
          row -> v.isNull(row) ? null : TimeText.printTime(v.get(row), TimeUnit.MILLISECOND);
      case TimeMicroVector v ->
          row -> v.isNull(row) ? null : TimeText.printTime(v.get(row), TimeUnit.MICROSECOND);
      case TimeNanoVector v ->
          row -> v.isNull(row) ? null : TimeText.printTime(v.get(row), TimeUnit.NANOSECOND);
      case TimeStampVector v -> {
        TimeUnit unit = ((ArrowType.Timestamp) v.getField().getType()).getUnit();
        yield row -> v.isNull(row) ? null : TimeText.printTimestamp(v.get(row), unit);
      }
      default -> {
        CellReader values = CellReader.of(vector);
        yield row -> {
          Object value = values.get(row);
          return value == null
              ? null
              : switch (value) {
                case String text -> text;
                case ByteString bytes -> HexFormat.of().withUpperCase().formatHex(bytes.getBytes());
                case BigDecimal decimal -> decimal.toPlainString();
                case Number number -> number.toString();
                default -> JsonText.print(value, vector.getField());
              };
        };
      }
    };
  }
}
