package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bindsql.vector.Selection;

/** The validity bitmap of a block's fingerprints. */
final class Validity {
  private Validity() {}

  /** Those of the rows whose fingerprint is NULL, or is not. */
  static Selection select(MemorySegment validity, Selection rows, boolean isNull) {
    int[] positions = new int[rows.count()];
    int count = 0;
    for (int i = 0; i < rows.count(); i++) {
      int position = rows.position(i);
      int bits = validity.get(ValueLayout.JAVA_BYTE, position >>> 3);
      if (((bits >>> (position & 7)) & 1) == 0 == isNull) {
        positions[count++] = position;
      }
    }
    return Selection.list(positions, count);
  }
}
