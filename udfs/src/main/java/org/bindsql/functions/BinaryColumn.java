package org.bindsql.functions;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.expr.Column;
import org.bindsql.expr.Column.ScalarColumn;
import org.bindsql.expr.Column.VectorColumn;
import org.jspecify.annotations.Nullable;

/** The bytes of a binary or character argument, per row, where they lie. */
abstract sealed class BinaryColumn {
  /** Whether the value of {@code row} is NULL; the other methods require that it is not. */
  abstract boolean isNull(int row);

  /** Memory that holds the value of {@code row}. */
  abstract MemorySegment segment(int row);

  abstract long offset(int row);

  abstract int length(int row);

  final MemorySegment slice(int row) {
    return segment(row).asSlice(offset(row), length(row));
  }

  /** This column, with a constant copied to native memory, where kernels want it. */
  final BinaryColumn toNative(Arena arena) {
    return switch (this) {
      case Constant constant when constant.value != null && !constant.value.isNative() ->
          new Constant(arena.allocate(constant.value.byteSize(), 64).copyFrom(constant.value));
      default -> this;
    };
  }

  static BinaryColumn of(String function, int argument, Column column) {
    return switch (column) {
      case ScalarColumn(var value) -> new Constant(bytes(function, argument, value));
      case VectorColumn(FieldVector vector, boolean owned) ->
          switch (vector) {
            case FixedSizeBinaryVector fixed -> new Fixed(fixed);
            case BaseVariableWidthVector variable -> new Variable(variable);
            case BaseLargeVariableWidthVector large -> new Large(large);
            case ViewVarBinaryVector view -> new View(view);
            default -> throw Numbers.unexpected(function, argument, "binary", vector);
          };
    };
  }

  private static @Nullable MemorySegment bytes(
      String function, int argument, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case byte[] bytes -> MemorySegment.ofArray(bytes);
      case ByteString bytes -> MemorySegment.ofArray(bytes.getBytes());
      default -> throw Numbers.unexpected(function, argument, "binary", value);
    };
  }

  static MemorySegment memory(ArrowBuf buffer) {
    return MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(buffer.capacity());
  }

  static final class Constant extends BinaryColumn {
    private final @Nullable MemorySegment value;

    Constant(@Nullable MemorySegment value) {
      this.value = value;
    }

    @Override
    boolean isNull(int row) {
      return value == null;
    }

    @Override
    MemorySegment segment(int row) {
      return value == null ? MemorySegment.NULL : value;
    }

    @Override
    long offset(int row) {
      return 0;
    }

    @Override
    int length(int row) {
      return (int) segment(row).byteSize();
    }
  }

  static final class Fixed extends BinaryColumn {
    private final FixedSizeBinaryVector vector;
    private final MemorySegment data;
    private final int width;

    Fixed(FixedSizeBinaryVector vector) {
      this.vector = vector;
      this.data = memory(vector.getDataBuffer());
      this.width = vector.getByteWidth();
    }

    @Override
    boolean isNull(int row) {
      return vector.isNull(row);
    }

    @Override
    MemorySegment segment(int row) {
      return data;
    }

    @Override
    long offset(int row) {
      return (long) row * width;
    }

    @Override
    int length(int row) {
      return width;
    }
  }

  private static final class Variable extends BinaryColumn {
    private final BaseVariableWidthVector vector;
    private final MemorySegment data;
    private final MemorySegment offsets;

    Variable(BaseVariableWidthVector vector) {
      this.vector = vector;
      this.data = memory(vector.getDataBuffer());
      this.offsets = memory(vector.getOffsetBuffer());
    }

    @Override
    boolean isNull(int row) {
      return vector.isNull(row);
    }

    @Override
    MemorySegment segment(int row) {
      return data;
    }

    @Override
    long offset(int row) {
      return offsets.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * row);
    }

    @Override
    int length(int row) {
      return (int) (offset(row + 1) - offset(row));
    }
  }

  private static final class Large extends BinaryColumn {
    private final BaseLargeVariableWidthVector vector;
    private final MemorySegment data;
    private final MemorySegment offsets;

    Large(BaseLargeVariableWidthVector vector) {
      this.vector = vector;
      this.data = memory(vector.getDataBuffer());
      this.offsets = memory(vector.getOffsetBuffer());
    }

    @Override
    boolean isNull(int row) {
      return vector.isNull(row);
    }

    @Override
    MemorySegment segment(int row) {
      return data;
    }

    @Override
    long offset(int row) {
      return offsets.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * row);
    }

    @Override
    int length(int row) {
      return Math.toIntExact(offset(row + 1) - offset(row));
    }
  }

  /** Copies: a view's bytes may lie in the vector or in one of several buffers. */
  private static final class View extends BinaryColumn {
    private final ViewVarBinaryVector vector;

    View(ViewVarBinaryVector vector) {
      this.vector = vector;
    }

    @Override
    boolean isNull(int row) {
      return vector.isNull(row);
    }

    @Override
    MemorySegment segment(int row) {
      return MemorySegment.ofArray(vector.get(row));
    }

    @Override
    long offset(int row) {
      return 0;
    }

    @Override
    int length(int row) {
      return vector.getValueLength(row);
    }
  }
}
