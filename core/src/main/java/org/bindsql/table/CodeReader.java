package org.bindsql.table;

import java.util.List;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot of a fingerprint column, split into partitions that can be read in parallel, and the
 * way back from row keys to other columns of the same snapshot.
 */
public interface CodeReader extends AutoCloseable {
  /** Part of the rows; read by one thread at a time. */
  interface Partition extends AutoCloseable {
    /** Returns the next block, or null at the end; the block returned before becomes invalid. */
    @Nullable CodeBlock next();

    @Override
    void close();
  }

  /** Bytes per fingerprint. */
  int width();

  /** The partitions, in ascending order of row keys; each is opened and closed by the caller. */
  List<Partition> partitions();

  /**
   * Reads columns of given rows, in the order given.
   *
   * @param rowKeys keys from {@link CodeBlock#rowKey}, of this snapshot, without duplicates
   * @param columns positions of the wanted columns in the table's schema, in output order
   */
  BatchReader fetch(long[] rowKeys, int[] columns);

  @Override
  void close();
}
