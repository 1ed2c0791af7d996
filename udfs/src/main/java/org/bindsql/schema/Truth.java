package org.bindsql.schema;

/**
 * A NARS truth value, and the rules that combine two.
 *
 * @param frequency share of positive evidence, 0 to 1
 * @param confidence stability of the frequency, 0 to 1
 */
public record Truth(double frequency, double confidence) {
  /** Greatest confidence with finite evidence that 16 bits can hold. */
  private static final double MAX_CONFIDENCE = 65534.0 / 65535;

  /** No evidence. */
  public static final Truth UNKNOWN = new Truth(0.5, 0);

  /**
   * Pooled evidence of two independent sources: w = c / (1 - c), w = w1 + w2, f = (w1 f1 + w2 f2) /
   * w, c = w / (w + 1); {@link #UNKNOWN} if neither has any.
   */
  public Truth revision(Truth other) {
    double w1 = evidence();
    double w2 = other.evidence();
    double w = w1 + w2;
    return w == 0 ? UNKNOWN : new Truth((w1 * frequency + w2 * other.frequency) / w, w / (w + 1));
  }

  private double evidence() {
    double c = Math.min(confidence, MAX_CONFIDENCE);
    return c / (1 - c);
  }

  /** f = f1 f2, c = f1 f2 c1 c2. */
  public Truth deduction(Truth other) {
    double f = frequency * other.frequency;
    return new Truth(f, f * confidence * other.confidence);
  }

  /** f = f2, c = f1 c1 c2. */
  public Truth induction(Truth other) {
    return new Truth(other.frequency, frequency * confidence * other.confidence);
  }

  /** f = f1, c = f2 c1 c2. */
  public Truth abduction(Truth other) {
    return new Truth(frequency, other.frequency * confidence * other.confidence);
  }

  /** f = f1 f2, c = c1 c2 f2. */
  public Truth analogy(Truth other) {
    return new Truth(frequency * other.frequency, confidence * other.confidence * other.frequency);
  }

  /** f = f1 f2 / (f1 + f2 - f1 f2), 0 for 0 / 0; c = c1 c2 f. */
  public Truth comparison(Truth other) {
    double both = frequency * other.frequency;
    double either = frequency + other.frequency - both;
    double f = either == 0 ? 0 : both / either;
    return new Truth(f, confidence * other.confidence * f);
  }

  /** (1 - f, c). */
  public Truth negation() {
    return new Truth(1 - frequency, confidence);
  }

  /** f = f1 f2, c = c1 c2. */
  public Truth intersection(Truth other) {
    return new Truth(frequency * other.frequency, confidence * other.confidence);
  }

  /** f = 1 - (1 - f1)(1 - f2), c = c1 c2. */
  public Truth union(Truth other) {
    return new Truth(1 - (1 - frequency) * (1 - other.frequency), confidence * other.confidence);
  }

  /** c (f - 0.5) + 0.5. */
  public double expectation() {
    return confidence * (frequency - 0.5) + 0.5;
  }
}
