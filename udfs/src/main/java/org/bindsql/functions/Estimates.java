package org.bindsql.functions;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Bodies of the functions that estimate, fold or grade a distance. */
final class Estimates {
  private static final int SCENT_BYTES = 5;
  private static final int[] SAMPLED_WORDS = {0, 37, 73, 127, 163, 211, 251};
  private static final int RECORD_BITS = 16384;

  private Estimates() {}

  /** Byte i XOR-ed into slot i mod 5. */
  static Object extractScent(String function, Arguments arguments) {
    MemorySegment code = arguments.bytes(0);
    byte[] scent = new byte[SCENT_BYTES];
    for (int i = 0; i < code.byteSize(); i++) {
      scent[i % SCENT_BYTES] ^= code.get(ValueLayout.JAVA_BYTE, i);
    }
    return scent;
  }

  static Object scentDistance(String function, Arguments arguments) {
    MemorySegment a = arguments.bytes(0);
    MemorySegment b = arguments.bytes(1);
    for (MemorySegment scent : new MemorySegment[] {a, b}) {
      if (scent.byteSize() != SCENT_BYTES) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "%s: scent has %d bytes, expected %d"
                .formatted(function, scent.byteSize(), SCENT_BYTES));
      }
    }
    return Bits.hamming(a, 0, b, 0, SCENT_BYTES);
  }

  /** m * 16384 / 14, where m of seven sampled words differ. */
  static Object belichtung(String function, Arguments arguments) {
    MemorySegment a = arguments.bytes(0);
    MemorySegment b = arguments.bytes(1);
    Bits.checkRecord(function, a.byteSize());
    Bits.checkRecord(function, b.byteSize());
    int different = 0;
    for (int word : SAMPLED_WORDS) {
      if (a.get(Bits.WORD, 8L * word) != b.get(Bits.WORD, 8L * word)) {
        different++;
      }
    }
    return different * RECORD_BITS / (2 * SAMPLED_WORDS.length);
  }

  static Object wordDiff(String function, Arguments arguments) {
    MemorySegment a = arguments.bytes(0);
    MemorySegment b = arguments.bytes(1);
    Bits.checkSameLength(function, a.byteSize(), b.byteSize());
    long[] left = Words.of(a);
    long[] right = Words.of(b);
    int different = 0;
    for (int i = 0; i < left.length; i++) {
      if (left[i] != right[i]) {
        different++;
      }
    }
    return different;
  }

  /** 1 - d/e below e; -s (1 - (d - e) / (i - e)) from e to i; 0 from i on. */
  static Object mexicanHat(String function, Arguments arguments) {
    double d = arguments.real(0);
    boolean given = arguments.count() == 4;
    if (arguments.count() != 1 && !given) {
      throw bad(function, "%d arguments, expected 1 or 4".formatted(arguments.count()));
    }
    double e = given ? arguments.real(1) : 2000;
    double i = given ? arguments.real(2) : 5000;
    double s = given ? arguments.real(3) : 0.5;
    if (!(d >= 0)) {
      throw bad(function, "distance is %s, expected at least 0".formatted(d));
    }
    if (!(e > 0 && i > e && Double.isFinite(i) && Double.isFinite(s))) {
      throw bad(
          function,
          "excitation %s and inhibition %s, expected 0 < excitation < inhibition".formatted(e, i));
    }
    if (d < e) {
      return 1 - d / e;
    }
    return d < i ? 0.0 - s * (1 - (d - e) / (i - e)) : 0.0; // no -0.0, which would sort apart
  }

  static @Nullable Object cascadeFilter(String function, Arguments arguments) {
    Integer distance = (Integer) Distances.hamming(function, arguments);
    return distance <= arguments.integer(2) ? distance : null;
  }

  private static BindSqlException bad(String function, String problem) {
    return new BindSqlException(ErrorCode.BAD_ARGUMENT, function + ": " + problem);
  }
}
