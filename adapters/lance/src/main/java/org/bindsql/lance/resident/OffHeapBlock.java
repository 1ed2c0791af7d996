package org.bindsql.lance.resident;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/**
 * A block of off-heap memory, aligned to cache lines, and in large pages where the system has them:
 * a scan of 4 KiB pages is up to a fifth slower, because each needs a translation of its own.
 *
 * <p>Neither Arrow's buffers, whose sizes are rounded to powers of two and whose addresses are not
 * aligned, nor arenas, which count against the JVM's limit of direct buffers, would do.
 */
final class OffHeapBlock implements AutoCloseable {
  private static final long CACHE_LINE = 64;
  private static final long LARGE_PAGE = 2L << 20;

  /** {@code MADV_HUGEPAGE} of Linux. */
  private static final int ADVISE_LARGE_PAGES = 14;

  private static final boolean LINUX =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");

  private static final MethodHandle ALLOCATE =
      function("posix_memalign", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle ADVISE =
      function("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle FREE = function("free", FunctionDescriptor.ofVoid(ADDRESS));

  private final BufferAllocator counter;
  private final MemorySegment memory;
  private boolean freed;

  private OffHeapBlock(BufferAllocator counter, MemorySegment memory) {
    this.counter = counter;
    this.memory = memory;
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }

  /**
   * Allocates a block, whose content is arbitrary.
   *
   * @param counter counts the bytes until the block is closed
   * @throws BindSqlException LIMIT_REACHED if the system has no memory
   */
  static OffHeapBlock allocate(BufferAllocator counter, long bytes) {
    boolean large = bytes >= LARGE_PAGE;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ADDRESS);
      int failure = (int) ALLOCATE.invokeExact(result, large ? LARGE_PAGE : CACHE_LINE, bytes);
      if (failure != 0) {
        throw new BindSqlException(
            ErrorCode.LIMIT_REACHED, "no off-heap memory for " + bytes + " bytes of fingerprints");
      }
      MemorySegment memory = result.get(ADDRESS, 0).reinterpret(bytes);
      if (large && LINUX) {
        int ignored = (int) ADVISE.invokeExact(memory, bytes, ADVISE_LARGE_PAGES); // an advice
      }
      counter.forceAllocate(bytes);
      return new OffHeapBlock(counter, memory);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The memory; not to be touched after {@link #close}. */
  MemorySegment memory() {
    return memory;
  }

  @Override
  public synchronized void close() {
    if (freed) {
      return;
    }
    freed = true;
    counter.releaseBytes(memory.byteSize());
    try {
      FREE.invokeExact(memory);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
