package org.bindsql.bindspace;

import java.util.random.RandomGenerator;

/** Fingerprints for tests. */
final class Codes {
  private Codes() {}

  /** A fingerprint whose every byte is {@code value}. */
  static byte[] filled(int value) {
    byte[] code = new byte[2048];
    java.util.Arrays.fill(code, (byte) value);
    return code;
  }

  static byte[] random(RandomGenerator random) {
    byte[] code = new byte[2048];
    random.nextBytes(code);
    return code;
  }
}
