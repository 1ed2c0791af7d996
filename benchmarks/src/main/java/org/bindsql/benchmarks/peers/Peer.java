package org.bindsql.benchmarks.peers;

import java.util.List;
import org.bindsql.benchmarks.peers.DataSet.Kind;

/** A program that finds the ten nearest rows of a data set, in a process of its own. */
interface Peer extends AutoCloseable {
  /** Name and version, as the tables show them. */
  String version() throws Exception;

  /**
   * Takes the rows in and returns the bytes that each of them takes in memory or on disk.
   *
   * @param graphs whether to build indexes that take minutes
   */
  double load(DataSet set, boolean graphs) throws Exception;

  /** Ways to search, the first of them exact. */
  List<String> modes();

  /**
   * A search with everything done that does not depend on the query.
   *
   * @param threads 1 or 2
   * @param perMille rows that pass a filter on the bucket; 1000 for no filter
   * @throws UnsupportedOperationException if it cannot, with the reason
   */
  Search search(String mode, int threads, int perMille) throws Exception;

  /**
   * A search for many queries in one call.
   *
   * @throws UnsupportedOperationException if it has no such call, with the reason
   */
  default BatchSearch batch(String mode, int threads, Kind kind) throws Exception {
    throw new UnsupportedOperationException("no call for many queries");
  }

  @Override
  default void close() throws Exception {}

  /** One query. */
  interface Search {
    /** Ids of the ten nearest rows, nearest first. */
    int[] run(byte[] query) throws Exception;
  }

  /** The 64 queries of a kind. */
  interface BatchSearch {
    /** Ids of the ten nearest rows of each query. */
    int[][] run() throws Exception;
  }
}
