package org.bindsql.lance.write;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.arrow.memory.util.ArrowBufPointer;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.ElementAddressableVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.bindsql.type.CellReader;
import org.jspecify.annotations.Nullable;

/**
 * 128-bit hashes of rows of values: equal for values that SQL calls equal, and as good as never for
 * others. The seed is drawn anew for every statement, so that nobody can choose colliding values.
 */
final class KeyHash {
  private final HashFunction function = Hashing.murmur3_128(ThreadLocalRandom.current().nextInt());
  private final ArrowBufPointer pointer = new ArrowBufPointer();
  private byte[] bytes = new byte[64];
  private long high;
  private long low;

  /** Hashes the values of a row, none of them NULL. */
  void of(List<FieldVector> vectors, int row) {
    Hasher hasher = function.newHasher();
    for (FieldVector vector : vectors) {
      put(vector, row, hasher);
    }
    ByteBuffer hash = ByteBuffer.wrap(hasher.hash().asBytes());
    high = hash.getLong();
    low = hash.getLong();
  }

  /** One half of the last row's hash. */
  long high() {
    return high;
  }

  /** The other half. */
  long low() {
    return low;
  }

  private void put(FieldVector vector, int row, Hasher hasher) {
    switch (vector) {
      case FloatingPointVector floats -> {
        // One zero and one NaN.
        hasher.putLong(Double.doubleToLongBits(floats.getValueAsDouble(row) + 0.0));
      }
      case BitVector bits -> hasher.putInt(bits.get(row));
      case ElementAddressableVector addressable -> {
        addressable.getDataPointer(row, pointer);
        int length = (int) pointer.getLength();
        if (length > bytes.length) {
          bytes = new byte[Math.max(length, bytes.length * 2)];
        }
        if (length > 0 && pointer.getBuf() != null) {
          pointer.getBuf().getBytes(pointer.getOffset(), bytes, 0, length);
        }
        hasher.putInt(length).putBytes(bytes, 0, length);
      }
      default -> {
        String text = text(CellReader.of(vector).get(row));
        hasher.putInt(text.length()).putUnencodedChars(text);
      }
    }
  }

  /** A value's content as text. */
  static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "NULL";
      case Object[] row -> Arrays.stream(row).map(KeyHash::text).toList().toString();
      case List<?> list -> list.stream().map(KeyHash::text).toList().toString();
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> text(e.getKey()) + "=" + text(e.getValue()))
              .toList()
              .toString();
      default -> value.toString();
    };
  }
}
