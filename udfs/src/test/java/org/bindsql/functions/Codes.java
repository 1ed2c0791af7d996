package org.bindsql.functions;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bindsql.schema.SplitMix64;

/** Codes that other programs can reproduce, and their digests. */
final class Codes {
  private Codes() {}

  /** The first bytes of the SplitMix64 stream of a seed, little-endian. */
  static byte[] code(long seed, int bytes) {
    long[] words = new long[(bytes + 7) / 8];
    SplitMix64.fill(seed, words);
    ByteBuffer buffer = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(words);
    return Arrays.copyOf(buffer.array(), bytes);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  static long seed() {
    long seed = Long.getLong("tests.seed", 20261120);
    System.out.println("tests.seed=" + seed);
    return seed;
  }
}
