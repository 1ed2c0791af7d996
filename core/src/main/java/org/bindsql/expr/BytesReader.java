package org.bindsql.expr;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.ArrowBufPointer;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.ElementAddressableVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of the current row of a column of text (as UTF-8) or binary, without copying them.
 *
 * <p>Call {@link #seek} before the other methods; rows that are NULL are not sought.
 */
final class BytesReader {
  private final @Nullable ElementAddressableVector vector;
  private final @Nullable BaseVariableWidthViewVector views;
  private final ArrowBufPointer pointer = new ArrowBufPointer();
  private byte[] bytes; // of a constant, or of the current row of a view vector

  private BytesReader(FieldVector vector) {
    // getDataPointer of view vectors points to the wrong place in Arrow 18.3, so these are copied.
    this.views = vector instanceof BaseVariableWidthViewVector v ? v : null;
    this.vector = vector instanceof ElementAddressableVector v && views == null ? v : null;
    this.bytes = new byte[0];
  }

  private BytesReader(byte[] constant) {
    this.vector = null;
    this.views = null;
    this.bytes = constant;
  }

  static BytesReader of(Column column) {
    return switch (column) {
      case Column.VectorColumn(FieldVector vector, boolean ignored) -> of(vector);
      case Column.ScalarColumn(String value) ->
          new BytesReader(value.getBytes(StandardCharsets.UTF_8));
      case Column.ScalarColumn(byte[] value) -> new BytesReader(value);
      case Column.ScalarColumn ignored -> new BytesReader(new byte[0]); // NULL, never read
    };
  }

  static BytesReader of(FieldVector vector) {
    return switch (vector) {
      case ElementAddressableVector ignored -> new BytesReader(vector);
      case ExtensionTypeVector<?> v -> of((FieldVector) v.getUnderlyingVector());
      default -> throw new IllegalArgumentException("no bytes: " + vector.getField());
    };
  }

  static BytesReader of(byte[] constant) {
    return new BytesReader(constant);
  }

  BytesReader seek(int row) {
    if (vector != null) {
      vector.getDataPointer(row, pointer);
    } else if (views != null) {
      bytes = views instanceof ViewVarCharVector text ? text.get(row) : binary(views, row);
    }
    return this;
  }

  private static byte[] binary(BaseVariableWidthViewVector views, int row) {
    return ((ViewVarBinaryVector) views).get(row);
  }

  int length() {
    return vector == null ? bytes.length : (int) pointer.getLength();
  }

  /** The bytes, copied. */
  byte[] copy() {
    if (vector == null) {
      return bytes.clone();
    }
    byte[] copy = new byte[length()];
    ArrowBuf buffer = pointer.getBuf();
    if (buffer != null && copy.length > 0) {
      buffer.getBytes(pointer.getOffset(), copy);
    }
    return copy;
  }

  String string() {
    return new String(vector == null ? bytes : copy(), StandardCharsets.UTF_8);
  }

  /** The byte at {@code i} as 0 to 255. */
  private int at(int i) {
    ArrowBuf buffer = pointer.getBuf();
    return (buffer == null ? bytes[i] : buffer.getByte(pointer.getOffset() + i)) & 0xFF;
  }

  /** Order of the current rows of two columns; negative, zero or positive. */
  int compare(BytesReader other, ValueKind kind) {
    int length = Math.min(length(), other.length());
    for (int i = 0; i < length; i++) {
      int mine = at(i);
      int theirs = other.at(i);
      if (mine != theirs) {
        return kind == ValueKind.STRING ? utf16(mine) - utf16(theirs) : mine - theirs;
      }
    }
    return length() - other.length();
  }

  int hash() {
    int hash = 1;
    for (int i = 0, length = length(); i < length; i++) {
      hash = 31 * hash + at(i);
    }
    return hash * 0x9E37_79B9;
  }

  boolean sameAs(BytesReader other) {
    int length = length();
    if (length != other.length()) {
      return false;
    }
    for (int i = length - 1; i >= 0; i--) { // texts tend to share prefixes, not suffixes
      if (at(i) != other.at(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Rank of a UTF-8 byte such that the first differing byte decides as UTF-16 code units would.
   *
   * <p>The orders differ only in that characters of four bytes (0xF0 and up, in UTF-16 surrogates
   * 0xD800 to 0xDFFF) come before U+E000 to U+FFFF, whose first bytes are 0xEE and 0xEF.
   */
  private static int utf16(int utf8) {
    return utf8 == 0xEE || utf8 == 0xEF ? utf8 + 0x100 : utf8;
  }
}
