package org.bindsql.functions;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Values worked out by another program, on the codes that are the SplitMix64 streams of seeds 1, 2,
 * 3 and 4.
 */
class GoldenValuesTest {
  private static final byte[] A = Codes.code(1, 2048);
  private static final byte[] B = Codes.code(2, 2048);
  private static final byte[] C = Codes.code(3, 2048);
  private static final byte[] D = Codes.code(4, 2048);

  private static @Nullable Object call(BindFunction function, Object... arguments) {
    return function.evaluate(arguments);
  }

  private static String digest(BindFunction function, Object... arguments) {
    return call(function, arguments) instanceof ByteString bytes
        ? Codes.sha256(bytes.getBytes())
        : "no binary";
  }

  private static String hex(BindFunction function, Object... arguments) {
    return call(function, arguments) instanceof ByteString bytes ? bytes.toString() : "no binary";
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void distances() {
    assertEquals(8202, call(Functions.HAMMING_DISTANCE, A, B));
    assertEquals(8202, call(Functions.HAMMING, new ByteString(A), B));
    assertEquals(6650, call(Functions.SEMANTIC_DISTANCE, A, B));
    assertEquals(0.4993896484375, call(Functions.SIMILARITY, A, B));
    assertEquals(8152, call(Functions.POPCOUNT, (Object) A));
    assertEquals(2, call(Functions.POPCOUNT, 6L));
    assertEquals(0, call(Functions.HAMMING_DISTANCE, new byte[0], new byte[0]));
    assertEquals(1.0, call(Functions.SIMILARITY, new byte[0], new byte[0]));
    assertEquals(2, call(Functions.HAMMING_DISTANCE, bytes("010203"), bytes("000003")));
  }

  @Test
  void algebra() {
    assertEquals(
        "d99180b56b1d257d7789bfee1ef00a0f15014f1e4e1bebb3d2c4dc8c33ca41a8",
        digest(Functions.XOR_BIND, A, B));
    assertEquals(Codes.sha256(B), digest(Functions.XOR_UNBIND, call2(A, B), A));
    assertEquals(
        "007cb9f4990c45e0dd83edfe7e10d8dcd7a6dece2fa06509635dc640301b11df",
        digest(Functions.XOR_BIND3, A, B, C));
    assertEquals(
        "007cb9f4990c45e0dd83edfe7e10d8dcd7a6dece2fa06509635dc640301b11df",
        digest(Functions.ANALOGY, C, A, B));
    assertEquals(
        "ffebe6fba311061acc3f71b69a403b196ddbe02035c743fd8056fc7b613ac68b",
        digest(Functions.SEMANTIC_XOR_BIND, A, B));
    assertEquals(
        "f1f6a1b58f003d6c282b862fc211414f887bb2b3140e0c6e1a504174ab460316",
        digest(Functions.BUNDLE, A, B, C));
    assertEquals(
        "de50145f7422a1721e06eebba83a75b93539c57200116236fb60b624e3af636d",
        digest(Functions.BUNDLE, A, B, C, D));
    assertEquals(Codes.sha256(A), digest(Functions.BUNDLE, (Object) A));
    assertEquals(Codes.sha256(B), digest(Functions.BUNDLE, B, A));
    assertEquals(
        "68f31dab24f427bf8c4979c089f675f2295f7631811a09dcebb0066f2b919e63",
        digest(Functions.SEMANTIC_BUNDLE, A, B, C));
  }

  private static Object call2(byte[] a, byte[] b) {
    return requireNonNull(call(Functions.XOR_BIND, a, b));
  }

  @Test
  void permutations() {
    assertEquals(
        "5c8df9000735eebacc35b517cace27c2940032155fb8b2e9c07c47cbe3966a4f",
        digest(Functions.PERMUTE, A, 1));
    assertEquals(
        "48b9552d9c365a2978298db19f8bd7cd1a7e16bd71c2720d47c48662c3403220",
        digest(Functions.PERMUTE, A, 13));
    assertEquals(
        "108dd1abb24355c7276dd9df059c01901f4581ced67e55907a2acad572368207",
        digest(Functions.PERMUTE, A, -1));
    assertEquals(
        "e8398069a9d9a17606df91116c8226c441142258511495895af6224182d317b9",
        digest(Functions.VECTOR_PERMUTE, A, 64L));
    assertEquals(
        "eb9252477b5d0340384a3daf9c823cf796b6ce29c5f881b71b3682b5d51cf580",
        digest(Functions.PERMUTE, A, -20000));
    assertEquals("000300", hex(Functions.PERMUTE, bytes("010080"), 9));
    assertEquals("", hex(Functions.PERMUTE, new byte[0], 9));
    assertEquals(
        "6763cb53492fce3f34c361d8beb5fcd94234e2e22618c6041a8d293a95cbd351",
        digest(Functions.SEMANTIC_PERMUTE, A, 5));
  }

  @Test
  void estimates() {
    assertEquals("9939827b2d", hex(Functions.EXTRACT_SCENT, (Object) A));
    assertEquals(22, call(Functions.SCENT_DISTANCE, bytes("9939827b2d"), bytes("f62fa8c6b7")));
    byte[] other = A.clone();
    for (int word : new int[] {0, 37, 250, 251}) {
      other[8 * word] ^= 1;
    }
    assertEquals(3510, call(Functions.BELICHTUNG, A, other));
    assertEquals(8192, call(Functions.BELICHTUNG, A, B));
    assertEquals(4, call(Functions.WORD_DIFF, A, other));
    assertEquals(
        2, call(Functions.WORD_DIFF, bytes("00000000000000000102"), bytes("01000000000000000100")));
    assertEquals(0.5, call(Functions.MEXICAN_HAT, 1000));
    assertEquals(-0.5, call(Functions.MEXICAN_HAT, 2000));
    assertEquals(-0.25, call(Functions.MEXICAN_HAT, 3500));
    assertEquals(0.0, call(Functions.MEXICAN_HAT, 5000));
    assertEquals(
        -0.15, (double) requireNonNull(call(Functions.MEXICAN_HAT, 67.5, 45, 90, 0.3)), 1e-15);
    assertEquals(4, call(Functions.CASCADE_FILTER, A, other, 4));
    assertNull(call(Functions.CASCADE_FILTER, A, other, 3));
  }

  @Test
  void nars() {
    Object[] t = {0.9, 0.8, 0.6, 0.7};
    assertTruth(0.7894736842105263, 0.8636363636363636, Functions.NARS_REVISION, t);
    assertTruth(0.54, 0.3024, Functions.NARS_DEDUCTION, t);
    assertTruth(0.6, 0.504, Functions.NARS_INDUCTION, t);
    assertTruth(0.9, 0.336, Functions.NARS_ABDUCTION, t);
    assertTruth(0.54, 0.336, Functions.NARS_ANALOGY, t);
    assertTruth(0.5625, 0.315, Functions.NARS_COMPARISON, t);
    assertTruth(0.54, 0.56, Functions.NARS_INTERSECTION, t);
    assertTruth(0.96, 0.56, Functions.NARS_UNION, t);
    assertTruth(0.1, 0.8, Functions.NARS_NEGATION, 0.9, 0.8);
    assertTruth(0.5, 0, Functions.NARS_REVISION, 1, 0, 1, 0);
    assertTruth(0, 0, Functions.NARS_COMPARISON, 0, 1, 0, 1);
    // c = 1 counts as 65534 / 65535: evidence 65534 each.
    assertTruth(0.5, 131068.0 / 131069, Functions.NARS_REVISION, 1, 1, 0, 1);
    assertEquals(0.82, (double) requireNonNull(call(Functions.NARS_EXPECTATION, 0.9, 0.8)), 1e-12);
  }

  private static void assertTruth(double f, double c, BindFunction rule, Object... arguments) {
    Object[] row = (Object[]) requireNonNull(call(rule, arguments));
    assertArrayEquals(new double[] {f, c}, new double[] {(double) row[0], (double) row[1]}, 1e-12);
  }

  @Test
  void arrays() {
    assertEquals(5.0, call(Functions.L2_DISTANCE, List.of(1, 2), List.of(4f, 6.0)));
    assertEquals(11.0, call(Functions.INNER_PRODUCT, List.of(1, 2), List.of(3, 4)));
    assertEquals(
        0.025368153802923787,
        (double)
            requireNonNull(call(Functions.COSINE_DISTANCE, List.of(1, 2, 3), List.of(4, 5, 6))),
        1e-12);
    assertEquals(Double.NaN, call(Functions.COSINE_DISTANCE, List.of(0), List.of(1)));
  }

  @Test
  void errors() {
    assertError(
        "hamming: codes differ in length: 32 and 16 bytes",
        Functions.HAMMING,
        new byte[32],
        new byte[16]);
    assertError(
        "xor_bind3: codes differ in length: 2 and 1 bytes",
        Functions.XOR_BIND3,
        new byte[2],
        new byte[2],
        new byte[1]);
    assertError(
        "bundle: codes differ in length: 2 and 3 bytes",
        Functions.BUNDLE,
        new byte[2],
        new byte[3]);
    assertError(
        "ani_level: fingerprint has 1536 bytes, expected 2048",
        Functions.ANI_LEVEL,
        new byte[1536],
        0);
    assertError("ani_level: level is -1, expected 0 to 7", Functions.ANI_LEVEL, new byte[2048], -1);
    assertError("ani_level: level is 8, expected 0 to 7", Functions.ANI_LEVEL, new byte[2048], 8);
    assertError(
        "scent_distance: scent has 4 bytes, expected 5",
        Functions.SCENT_DISTANCE,
        new byte[5],
        new byte[4]);
    assertError("mexican_hat: distance is -1.0, expected at least 0", Functions.MEXICAN_HAT, -1);
    assertError(
        "mexican_hat: excitation 5.0 and inhibition 5.0, expected 0 < excitation < inhibition",
        Functions.MEXICAN_HAT,
        1,
        5,
        5,
        0.5);
    assertError(
        "nars_revision: confidence is 1.5, expected 0 to 1", Functions.NARS_REVISION, 1, 1.5, 0, 0);
    assertError(
        "nars_negation: frequency is NaN, expected 0 to 1", Functions.NARS_NEGATION, Double.NaN, 0);
    assertError(
        "l2_distance: arrays differ in length: 1 and 2",
        Functions.L2_DISTANCE,
        List.of(1),
        List.of(1, 2));
    assertError(
        "make_fingerprint: semantic part has 3 bytes, expected 1664 or 2048",
        Functions.MAKE_FINGERPRINT,
        new byte[3],
        "{}");
    assertError(
        "permute: argument 2 is 1.5, expected a 64-bit integer",
        Functions.PERMUTE,
        new byte[3],
        new BigDecimal("1.5"));
    assertError(
        "bloom_might_contain: id is -1, expected at least 0",
        Functions.BLOOM_MIGHT_CONTAIN,
        new byte[2048],
        -1L);
  }

  private static void assertError(String message, BindFunction function, Object... arguments) {
    BindSqlException e = assertThrows(BindSqlException.class, () -> function.evaluate(arguments));
    assertEquals(message, e.getMessage());
    assertEquals(ErrorCode.BAD_ARGUMENT, e.code());
  }
}
