package org.bindsql.kernel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the kernel of this JVM when the first one is asked for. */
final class KernelHolder {
  static final HammingKernel KERNEL = lookup();

  private KernelHolder() {}

  private static HammingKernel lookup() {
    boolean readable = isVectorModuleReadable();
    KernelChoice choice =
        KernelChoice.choose(
            System.getProperty("os.arch", ""),
            readable ? VectorKernel.vectorBits() : 0,
            readable,
            System.getProperty(KernelChoice.PROPERTY));
    if (choice.refusal() != null) {
      Logger log = LoggerFactory.getLogger(HammingKernel.class);
      log.warn(choice.refusal());
    }
    return choice.vector() ? new VectorKernel() : ScalarKernel.INSTANCE;
  }

  static boolean isVectorModuleReadable() {
    return ModuleLayer.boot()
        .findModule("jdk.incubator.vector")
        .filter(HammingKernel.class.getModule()::canRead)
        .isPresent();
  }
}
