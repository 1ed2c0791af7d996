package org.bindsql.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Decision between the scalar and the Vector API kernel, a pure function of what is known about the
 * JVM.
 *
 * @param vector whether to use the Vector API
 * @param refusal why not although it would help, with the remedy, or null if there is nothing to
 *     tell the user
 */
public record KernelChoice(boolean vector, @Nullable String refusal) {
  /** System property that forces {@code scalar} or {@code vector}. */
  public static final String PROPERTY = "bindsql.kernel";

  private static final String REMEDY = "add --add-modules jdk.incubator.vector";

  /**
   * Decides.
   *
   * <p>The Vector API promises correct results, not speed: below 256 bits, and on processors where
   * nothing was measured, the scalar loop (which C2 vectorises by itself) is used.
   *
   * @param arch the system property {@code os.arch}
   * @param vectorBits preferred vector size in bits; 0 if the module is not readable
   * @param moduleReadable whether {@code jdk.incubator.vector} can be used
   * @param property value of {@value #PROPERTY}, or null if not set
   */
  public static KernelChoice choose(
      String arch, int vectorBits, boolean moduleReadable, @Nullable String property) {
    if (property != null && !property.equals("scalar") && !property.equals("vector")) {
      return new KernelChoice(
          false,
          PROPERTY
              + "="
              + property
              + " is not known, using scalar kernels; expected scalar or vector");
    }
    if ("scalar".equals(property)) {
      return new KernelChoice(false, null);
    }
    boolean forced = "vector".equals(property);
    boolean x64 = arch.equals("amd64") || arch.equals("x86_64");
    if (!x64 && !forced) {
      return new KernelChoice(false, null); // the scalar loop is the intended kernel here
    }
    if (!moduleReadable) {
      return new KernelChoice(false, "Java Vector API is off, using scalar kernels; " + REMEDY);
    }
    if (vectorBits < 256 && !forced) {
      return new KernelChoice(
          false,
          "Java Vector API has only "
              + vectorBits
              + "-bit vectors here, using scalar kernels; check -XX:UseAVX and -XX:MaxVectorSize, or"
              + " force it with -D"
              + PROPERTY
              + "=vector");
    }
    return new KernelChoice(true, null);
  }
}
