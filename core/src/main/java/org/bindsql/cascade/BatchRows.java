package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.function.IntToLongFunction;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;

/**
 * Rows that meet all queries of a batch before the next ones do, side by side and so few that they
 * stay in cache. Rows that do not lie so are copied, as far as they are wanted.
 */
final class BatchRows {
  /** Bytes of all rows together: a quarter of a usual L2 cache. */
  private static final int BYTES = 1 << 18;

  private static final int LEAST_ROWS = 16;
  private static final int MOST_ROWS = CascadeWorker.SLICE_ROWS;

  private final HammingKernel kernel;
  private final MemorySegment scratch;
  private final int bytes;
  private Codes codes = Codes.rowMajor(MemorySegment.NULL, 1, 0);
  private Selection rows = Selection.empty();
  private IntToLongFunction keys = row -> row;
  private boolean together;
  private int copied;

  /** Where the part of the first row begins. */
  MemorySegment memory = MemorySegment.NULL;

  long offset;
  long stride;

  /**
   * Creates it without rows.
   *
   * @param scratch {@link #scratchBytes} bytes
   * @param bytes number of leading bytes that count
   */
  BatchRows(HammingKernel kernel, MemorySegment scratch, int bytes) {
    this.kernel = kernel;
    this.scratch = scratch;
    this.bytes = bytes;
  }

  /** Number of rows for a width. */
  static int rows(int width) {
    return Math.clamp(BYTES / width, LEAST_ROWS, MOST_ROWS);
  }

  static long scratchBytes(int width) {
    return rows(width) * stride(width);
  }

  /** Whole lines, an odd number of them: so that parts of many rows do not push each other out. */
  private static long stride(int bytes) {
    return CascadeBatch.stride(bytes) | 64;
  }

  /** Starts with other rows, at least one. */
  void start(Codes newCodes, Selection newRows, IntToLongFunction newKeys) {
    codes = newCodes;
    rows = newRows;
    keys = newKeys;
    together = rows.position(rows.count() - 1) - rows.position(0) + 1 == rows.count();
    copied = 0;
  }

  int count() {
    return rows.count();
  }

  /** Position of the i-th row in the codes. */
  int position(int i) {
    return rows.position(i);
  }

  /** Key of the i-th row. */
  long key(int i) {
    return keys.applyAsLong(rows.position(i));
  }

  /** Makes the first {@code wanted} bytes of each row lie at a stride, for {@link #memory}. */
  void view(int wanted) {
    if (together && wanted <= codes.sliceBytes()) {
      memory = codes.memory();
      offset = codes.offset(0, rows.position(0));
      stride = codes.sliceBytes();
      return;
    }
    memory = scratch;
    offset = 0;
    stride = stride(bytes);
    while (copied < wanted) { // slice by slice: so what lies side by side is read so
      int slice = copied / codes.sliceBytes();
      int in = copied - slice * codes.sliceBytes();
      int part = Math.min(wanted - copied, codes.sliceBytes() - in);
      for (int i = 0; i < rows.count(); i++) {
        long at = codes.offset(slice, rows.position(i)) + in;
        kernel.copy(codes.memory(), at, scratch, i * stride + copied, part);
      }
      copied += part;
    }
  }
}
