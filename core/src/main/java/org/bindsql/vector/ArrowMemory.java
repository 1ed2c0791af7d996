package org.bindsql.vector;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import sun.misc.Unsafe;

/** Off-heap memory for Arrow, also in a JVM that was started without Arrow's flag. */
public final class ArrowMemory {
  private static final String PACKAGE = "java.nio";

  private ArrowMemory() {}

  /**
   * A root allocator, which the caller closes.
   *
   * @throws BindSqlException NOT_SUPPORTED, naming the JVM flag, if Arrow cannot start without it
   */
  public static BufferAllocator root() {
    openNio();
    return new RootAllocator();
  }

  /** Does what {@code --add-opens=java.base/java.nio=ALL-UNNAMED} would have done. */
  private static void openNio() {
    Module base = Object.class.getModule();
    if (base.isOpen(PACKAGE, BufferAllocator.class.getModule())) {
      return;
    }
    try {
      Field instance = Unsafe.class.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Unsafe unsafe = (Unsafe) instance.get(null);
      Field lookup = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
      @SuppressWarnings("removal") // what replaces it cannot do this
      var trusted =
          (MethodHandles.Lookup)
              unsafe.getObject(unsafe.staticFieldBase(lookup), unsafe.staticFieldOffset(lookup));
      trusted
          .findVirtual(
              Module.class,
              "implAddOpensToAllUnnamed",
              MethodType.methodType(void.class, String.class))
          .invoke(base, PACKAGE);
    } catch (Throwable e) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "Arrow cannot start in this JVM: add --add-opens=java.base/java.nio=ALL-UNNAMED",
          e);
    }
  }
}
