package org.bindsql.bindspace;

import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What a node carries beside its fingerprint and its place in the tree.
 *
 * @param label name for people, or null
 * @param qidx qualia index, 0 to 255
 * @param accessCount 0 to 4294967295
 * @param payload opaque bytes, or null
 * @param contextId 0 to 65535
 * @param rung 0 to 9
 * @param sigma reasoning depth, 0 to 255
 * @param spine whether the node is a cluster's centroid
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, never compared
public record NodeValues(
    @Nullable String label,
    int qidx,
    long accessCount,
    byte @Nullable [] payload,
    int contextId,
    int rung,
    int sigma,
    boolean spine) {
  /** Greatest access count: counting stops there. */
  public static final long MAX_ACCESS_COUNT = 0xFFFF_FFFFL;

  /** The values of a new node: no label, no payload, all numbers zero. */
  public static final NodeValues DEFAULT = new NodeValues(null, 0, 0, null, 0, 0, 0, false);

  /**
   * Checks the ranges.
   *
   * @throws BindSqlException OUT_OF_RANGE if a number is outside its range
   */
  public NodeValues {
    requireRange("qidx", qidx, 255);
    requireRange("access_count", accessCount, MAX_ACCESS_COUNT);
    requireRange("context_id", contextId, 65535);
    requireRange("rung", rung, 9);
    requireRange("sigma", sigma, 255);
  }

  /** The values of a new node with a label. */
  public static NodeValues labeled(String label) {
    return DEFAULT.withLabel(label);
  }

  /** The same with another label. */
  public NodeValues withLabel(@Nullable String newLabel) {
    return new NodeValues(newLabel, qidx, accessCount, payload, contextId, rung, sigma, spine);
  }

  /** The same with another qualia index. */
  public NodeValues withQidx(int newQidx) {
    return new NodeValues(label, newQidx, accessCount, payload, contextId, rung, sigma, spine);
  }

  /** The same with another access count. */
  public NodeValues withAccessCount(long newAccessCount) {
    return new NodeValues(label, qidx, newAccessCount, payload, contextId, rung, sigma, spine);
  }

  /** The same with another payload. */
  public NodeValues withPayload(byte @Nullable [] newPayload) {
    return new NodeValues(label, qidx, accessCount, newPayload, contextId, rung, sigma, spine);
  }

  /** The same with another context. */
  public NodeValues withContextId(int newContextId) {
    return new NodeValues(label, qidx, accessCount, payload, newContextId, rung, sigma, spine);
  }

  /** The same with another rung. */
  public NodeValues withRung(int newRung) {
    return new NodeValues(label, qidx, accessCount, payload, contextId, newRung, sigma, spine);
  }

  /** The same with another reasoning depth. */
  public NodeValues withSigma(int newSigma) {
    return new NodeValues(label, qidx, accessCount, payload, contextId, rung, newSigma, spine);
  }

  /** The same, as a centroid or not. */
  public NodeValues withSpine(boolean newSpine) {
    return new NodeValues(label, qidx, accessCount, payload, contextId, rung, sigma, newSpine);
  }

  private static void requireRange(String field, long value, long max) {
    if (value < 0 || value > max) {
      throw new BindSqlException(
          ErrorCode.OUT_OF_RANGE, field + ": " + value + " is not in 0.." + max);
    }
  }
}
