package org.bindsql.table;

import java.util.List;
import org.bindsql.cascade.CandidateBlock;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.ResidentColumn;
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

  /** Rows that pass the pushed filter, for a resident search; read by one thread at a time. */
  interface Candidates extends AutoCloseable {
    /** Returns the next block, or null at the end; the block returned before becomes invalid. */
    @Nullable CandidateBlock next();

    @Override
    void close();
  }

  /** Bytes per fingerprint. */
  int width();

  /** Where a search would find the fingerprints. */
  enum Residence {
    /** In memory: {@link #resident()} reads nothing. */
    MEMORY,
    /** Not in memory: {@link #resident()} would read the whole column first. */
    READ_FIRST,
    /** {@link #resident()} would return null. */
    STREAM
  }

  /** Where a search would find the fingerprints now; others may change it at any time. */
  default Residence residence() {
    return Residence.STREAM;
  }

  /**
   * The whole column in memory, if the table keeps it there: a search then asks it and {@link
   * #candidates()} instead of {@link #partitions()}. Null, the default, if fingerprints have to be
   * read as they stream by. The caller closes what it gets, before this reader.
   */
  default @Nullable ResidentColumn resident() {
    return null;
  }

  /**
   * Where the fingerprints were, for EXPLAIN ANALYZE; after {@link #resident()}: {@code resident},
   * if all are in memory, {@code cold}, if their sketches are, or {@code streamed} and why.
   */
  default String whereFound() {
    return "streamed";
  }

  /**
   * The rows that pass the pushed filter, with the further columns, in any order; each is opened
   * and closed by the caller. Only called if {@link #resident()} returned a column and there are
   * predicates that it has not applied.
   */
  default List<Candidates> candidates() {
    throw new UnsupportedOperationException("the column is not resident");
  }

  /** The partitions, in ascending order of row keys; each is opened and closed by the caller. */
  List<Partition> partitions();

  /**
   * Whether {@link #fetch} can read these columns.
   *
   * @param columns positions in the table's schema
   */
  default boolean canFetch(int[] columns) {
    return true;
  }

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
