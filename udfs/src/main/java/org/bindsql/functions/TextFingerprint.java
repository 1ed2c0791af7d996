package org.bindsql.functions;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.bindsql.schema.SplitMix64;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints of texts: similar texts get near fingerprints, equal ones equal fingerprints, for
 * ever and on every machine.
 *
 * <p>The features of {@link TextFeatures} each have a hypervector of 13,312 bits (the first words
 * of the SplitMix64 stream whose seed is the first 8 bytes, little-endian, of the SHA-256 of the
 * feature's UTF-8 bytes); a bit of the result is set if the features that set it have more than
 * half of the total weight. An exact tie takes the bit of the hypervector of {@code "tie"}. Words
 * 208-255 are zero: no schema. A text without features gives the all-zero fingerprint.
 */
public final class TextFingerprint {
  private static final int SEMANTIC_WORDS = 208;

  /**
   * Hypervectors used lately, at most one a slot: texts of one kind share most of their features.
   */
  private static final AtomicReferenceArray<@Nullable Hypervector> CACHE =
      new AtomicReferenceArray<>(4096);

  private static final long[] TIE = hypervector("tie");

  private TextFingerprint() {}

  private record Hypervector(String feature, long[] words) {}

  /** Fingerprint of a text, 2,048 bytes. */
  public static byte[] of(String text) {
    Map<String, Integer> features = TextFeatures.of(text);
    if (features.isEmpty()) {
      return new byte[Results.RECORD_BYTES];
    }
    BitCounter counter = new BitCounter(SEMANTIC_WORDS);
    features.forEach((feature, weight) -> counter.add(cached(feature), weight));
    return Words.toBytes(counter.majority(TIE), Results.RECORD_BYTES);
  }

  /** Content hash vector of a text, 2,048 bytes: equal texts are equal, all others unrelated. */
  public static byte[] ofContent(String text) {
    return Words.toBytes(hypervector(text), Results.RECORD_BYTES);
  }

  private static long[] cached(String feature) {
    int slot = feature.hashCode() * 0x9E3779B9 >>> 20;
    Hypervector found = CACHE.get(slot);
    if (found == null || !found.feature.equals(feature)) {
      found = new Hypervector(feature, hypervector(feature));
      CACHE.set(slot, found);
    }
    return found.words;
  }

  private static long[] hypervector(String feature) {
    byte[] hash = sha256().digest(feature.getBytes(StandardCharsets.UTF_8));
    long seed = ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long[] words = new long[SEMANTIC_WORDS];
    SplitMix64.fill(seed, words);
    return words;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
