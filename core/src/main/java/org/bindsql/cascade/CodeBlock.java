package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import org.bindsql.vector.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive rows' fingerprints with the columns that predicates need beside them.
 *
 * @param codes as many rows as {@code columns} has
 * @param columns batch of {@code rowCount} rows whose selection holds the candidates; its vectors
 *     are those asked of {@link org.bindsql.table.FingerprintTable#openCodes}
 * @param validity Arrow validity bitmap of the fingerprints (bit i of byte i/8 is 1 if row i is not
 *     NULL), or null if none is NULL
 * @param firstRowKey key of row 0 where {@code rowKeys} is null: row i has key firstRowKey + i
 * @param rowKeys explicit ascending keys of the rows, or null
 */
public record CodeBlock(
    Codes codes,
    Batch columns,
    @Nullable MemorySegment validity,
    long firstRowKey,
    long @Nullable [] rowKeys) {

  /** Key of row {@code i}: ascending over a snapshot; ties in distance are broken by it. */
  public long rowKey(int i) {
    return rowKeys == null ? firstRowKey + i : rowKeys[i];
  }
}
