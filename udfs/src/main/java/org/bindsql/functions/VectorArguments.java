package org.bindsql.functions;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.expr.Column;
import org.bindsql.expr.Column.ScalarColumn;
import org.bindsql.expr.Column.VectorColumn;
import org.jspecify.annotations.Nullable;

/** Arguments of the current row of a batch. */
final class VectorArguments implements Arguments {
  private final String function;
  private final @Nullable BinaryColumn[] binaries;
  private final @Nullable ValueColumn[] values;
  private int row;

  VectorArguments(String function, List<Column> columns) {
    this.function = function;
    this.binaries = new BinaryColumn[columns.size()];
    this.values = new ValueColumn[columns.size()];
    for (int i = 0; i < columns.size(); i++) {
      if (isBinary(columns.get(i))) {
        binaries[i] = BinaryColumn.of(function, i, columns.get(i));
      } else {
        values[i] = ValueColumn.of(columns.get(i));
      }
    }
  }

  private static boolean isBinary(Column column) {
    return switch (column) {
      case ScalarColumn(var value) -> value instanceof byte[] || value instanceof ByteString;
      case VectorColumn(FieldVector vector, boolean owned) ->
          switch (vector) {
            case FixedSizeBinaryVector v -> true;
            case ViewVarBinaryVector v -> true;
            case VarCharVector v -> false;
            case LargeVarCharVector v -> false;
            case BaseVariableWidthVector v -> true;
            case BaseLargeVariableWidthVector v -> true;
            default -> false;
          };
    };
  }

  /** Moves to a row; false if one of its arguments is NULL. */
  boolean moveTo(int row) {
    this.row = row;
    for (int i = 0; i < binaries.length; i++) {
      BinaryColumn binary = binaries[i];
      if (binary != null ? binary.isNull(row) : value(i) == null) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Object value(int i) {
    ValueColumn column = values[i];
    return column == null ? null : column.get(row);
  }

  private Object present(int i, String expected) {
    Object value = value(i);
    if (value == null) {
      throw Numbers.unexpected(function, i, expected, new byte[0]);
    }
    return value;
  }

  @Override
  public int count() {
    return binaries.length;
  }

  @Override
  public MemorySegment bytes(int i) {
    BinaryColumn binary = binaries[i];
    if (binary == null) {
      throw Numbers.unexpected(function, i, "binary", present(i, "binary"));
    }
    return binary.slice(row);
  }

  @Override
  public String text(int i) {
    return present(i, "text").toString();
  }

  @Override
  public long integer(int i) {
    return Numbers.exact(function, i, present(i, "an integer"));
  }

  @Override
  public double real(int i) {
    return Numbers.real(function, i, present(i, "a number"));
  }

  @Override
  public boolean truth(int i) {
    return (Boolean) present(i, "a truth value");
  }

  @Override
  public List<? extends @Nullable Object> array(int i) {
    return RowArguments.list(function, i, present(i, "an array"));
  }

  @Override
  public boolean isBinary(int i) {
    return binaries[i] != null;
  }
}
