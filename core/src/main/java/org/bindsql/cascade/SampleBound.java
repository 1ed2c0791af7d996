package org.bindsql.cascade;

/**
 * Greatest number of differing bits in a random sample that a row within tau may show, but for a
 * given chance.
 *
 * <p>A row at distance d from the query differs in S of m sampled bits, where S has the
 * hypergeometric distribution with population n, d marked and m drawn (a sample without
 * replacement; Hoeffding 1963 and Serfling 1974 bound its tail, here it is summed). {@code P(S > t
 * | d)} grows with d; so with {@code P(S > t | tau) <= delta}, a row with {@code d <= tau} shows
 * more than t with a chance of at most delta.
 */
final class SampleBound {
  private static final double[] LOG_FACTORIALS = logFactorials(8192 * Byte.SIZE);

  private SampleBound() {}

  private static double[] logFactorials(int greatest) {
    double[] logs = new double[greatest + 1];
    for (int i = 1; i <= greatest; i++) {
      logs[i] = logs[i - 1] + Math.log(i);
    }
    return logs;
  }

  /**
   * Least t with {@code P(S > t) <= delta}.
   *
   * @param population number of bits of a code, up to 65,536; more makes no bound but {@code drawn}
   * @param marked number of bits in which the codes differ: tau
   * @param drawn number of sampled bits, at most the population
   * @param delta chance, above 0
   */
  static int threshold(int population, int marked, int drawn, double delta) {
    if (marked >= population || population >= LOG_FACTORIALS.length) {
      return Math.min(marked, drawn);
    }
    int least = Math.max(0, drawn - (population - marked));
    double tail = 0;
    for (int s = Math.min(drawn, marked); s > least; s--) {
      tail += probability(population, marked, drawn, s);
      if (tail > delta * 0.999) { // the logarithms are exact to 9 digits and more
        return s;
      }
    }
    return least;
  }

  /** {@code P(S = s)}. */
  static double probability(int population, int marked, int drawn, int s) {
    double log =
        logChoose(marked, s)
            + logChoose(population - marked, drawn - s)
            - logChoose(population, drawn);
    return log < -700 ? 0 : Math.exp(log);
  }

  private static double logChoose(int n, int k) {
    return LOG_FACTORIALS[n] - LOG_FACTORIALS[k] - LOG_FACTORIALS[n - k];
  }
}
