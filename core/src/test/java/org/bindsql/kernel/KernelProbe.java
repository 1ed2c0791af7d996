package org.bindsql.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Program that says which kernel its JVM has chosen; run by {@link KernelChoiceTest}. */
final class KernelProbe {
  private KernelProbe() {}

  public static void main(String[] args) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment zeros = arena.allocate(100);
      MemorySegment some = arena.allocate(100);
      some.fill((byte) 0);
      some.asSlice(98).fill((byte) 0xFF);
      HammingKernel kernel = HammingKernel.get();
      HammingKernel again = HammingKernel.get();
      System.out.println(
          again.getClass().getSimpleName()
              + " distance "
              + kernel.distance(zeros, 0, some, 0, 100));
    }
  }
}
