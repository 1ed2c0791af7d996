package org.bindsql.functions;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.avatica.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Arguments in Enumerable's runtime forms.
 *
 * @param function name for messages
 * @param values ByteString or byte[], String, Number, List or Object[]
 */
record RowArguments(String function, Object[] values) implements Arguments {
  @Override
  public int count() {
    return values.length;
  }

  @Override
  public MemorySegment bytes(int i) {
    return segment(function, i, values[i]);
  }

  @Override
  public String text(int i) {
    return values[i].toString();
  }

  @Override
  public long integer(int i) {
    return Numbers.exact(function, i, values[i]);
  }

  @Override
  public double real(int i) {
    return Numbers.real(function, i, values[i]);
  }

  @Override
  public boolean truth(int i) {
    return (Boolean) values[i];
  }

  @Override
  public List<? extends @Nullable Object> array(int i) {
    return list(function, i, values[i]);
  }

  @Override
  public boolean isBinary(int i) {
    return values[i] instanceof ByteString || values[i] instanceof byte[];
  }

  static MemorySegment segment(String function, int i, Object value) {
    return switch (value) {
      case ByteString bytes -> MemorySegment.ofArray(bytes.getBytes());
      case byte[] bytes -> MemorySegment.ofArray(bytes);
      default -> throw Numbers.unexpected(function, i, "binary", value);
    };
  }

  static List<? extends @Nullable Object> list(String function, int i, Object value) {
    return switch (value) {
      case List<?> list -> list;
      case Object[] array -> Arrays.asList(array);
      case float[] array -> Numbers.box(array);
      case double[] array -> Numbers.box(array);
      default -> throw Numbers.unexpected(function, i, "an array", value);
    };
  }
}
