package org.bindsql.cascade;

import org.bindsql.vector.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Rows that pass the pushed filter, with the columns that the remaining predicates need, for a
 * search whose fingerprints are resident.
 *
 * @param columns batch whose selection holds the candidates; its vectors are those asked of {@link
 *     org.bindsql.table.FingerprintTable#openCodes}
 * @param firstRowKey key of row 0 where {@code rowKeys} is null: row i has key firstRowKey + i
 * @param rowKeys explicit ascending keys of the rows, or null
 */
public record CandidateBlock(Batch columns, long firstRowKey, long @Nullable [] rowKeys) {
  /** Key of row {@code i}. */
  public long rowKey(int i) {
    return rowKeys == null ? firstRowKey + i : rowKeys[i];
  }
}
