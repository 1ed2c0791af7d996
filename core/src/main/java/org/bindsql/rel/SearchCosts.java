package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.metadata.RelMdUtil;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.table.FingerprintTable;

/**
 * What the two orders of a search with a filter are estimated to cost, to choose the cheaper one;
 * the answer does not depend on it.
 *
 * <pre>
 *   filter first     filter of every row + search of the rows that pass
 *   distance first   search of all rows  + filter of the nearest k / share rows, each taken by key
 * </pre>
 *
 * <p>The constants are nanoseconds as measured with {@code benchmarks/run-filter-order} on a
 * million rows of a Lance table in the page cache, with two threads; only their ratios matter.
 *
 * @param share estimated share of the rows that pass, above 0
 * @param filterNanos estimated time to filter a row in passing
 * @param takenBytes estimated bytes of a row that are taken to filter it by itself
 */
record SearchCosts(double share, double filterNanos, double takenBytes) {
  /** A row that a filter reads, of whatever width: 15 ms for a million BIGINTs. */
  private static final double ROW_NANOS = 10;

  /** A byte that a filter reads: 150 ms for a million texts of 200 bytes. */
  private static final double BYTE_NANOS = 0.7;

  /** A conjunct that has no batch form, for a row. */
  private static final double ROW_CONJUNCT_NANOS = 150;

  /** A byte of a fingerprint in memory: 35 ms for a million of 2,048 bytes. */
  private static final double SEARCH_BYTE_NANOS = 0.02;

  /** Bytes of a row that are read where a share of the answer may be lost. */
  private static final int BYTES_BY_RECALL = 256;

  /** Taking rows by key, whatever their number. */
  private static final double TAKE_NANOS = 1e6;

  /** A row that is taken by key. */
  private static final double TAKE_ROW_NANOS = 20e3;

  /** A row that passes costs more to reach than one of a scan of all rows. */
  private static final double GATHER = 3;

  /**
   * How much less distance first must cost by the estimates: they know nothing of the filter's true
   * share, and so the price of a wrong choice is bounded by half of the filter's.
   */
  private static final double MARGIN = 2;

  /**
   * Rows to find for each that is expected to be needed: to find more costs little, and fewer are
   * taken if they suffice; to search once more costs a search.
   */
  private static final double SLACK = 16;

  /** A search for more than this share of all rows is no search for the nearest. */
  private static final double MOST_ROWS = 1.0 / 16;

  private static final long LEAST_ROWS = 64;

  /** Estimates the filter of a search. May take as long as planning a scan. */
  static SearchCosts of(FingerprintTable table, CascadeSearch search, Remainder remainder) {
    ImmutableBitSet pushed = RelOptUtil.InputFinder.bits(search.filter(), null);
    ImmutableBitSet rest = RelOptUtil.InputFinder.bits(search.remainder(), null);
    double pushedShare = share(search.filter());
    boolean indexed = !search.filter().isEmpty() && !table.indexes(search.filter()).isEmpty();
    double scanned =
        pushed.isEmpty() || indexed ? 0 : ROW_NANOS + BYTE_NANOS * bytes(table, pushed);
    double restNanos =
        search.remainder().isEmpty()
            ? 0
            : ROW_NANOS
                + BYTE_NANOS * bytes(table, rest.except(pushed))
                + ROW_CONJUNCT_NANOS * remainder.rowConjuncts();
    return new SearchCosts(
        pushedShare * share(search.remainder()),
        scanned + pushedShare * restNanos,
        bytes(table, pushed.union(rest)));
  }

  private static double share(List<RexNode> conjuncts) {
    double share = 1;
    for (RexNode conjunct : conjuncts) {
      share *= RelMdUtil.guessSelectivity(conjunct);
    }
    return share;
  }

  private static double bytes(FingerprintTable table, ImmutableBitSet columns) {
    double bytes = 0;
    for (int column : columns) {
      bytes += table.valueBytes(column);
    }
    return bytes;
  }

  /** The same with another share of rows that pass. */
  SearchCosts withShare(double newShare) {
    return new SearchCosts(newShare, filterNanos, takenBytes);
  }

  /**
   * Whether distance first is estimated to cost clearly less.
   *
   * @param rows rows of the table
   * @param bytes bytes of a fingerprint that count
   * @param k rows wanted, {@link CascadeRequest#ALL_ROWS} for all within a radius
   */
  boolean distanceFirstPays(double rows, int bytes, long k, double recall) {
    double search =
        rows * SEARCH_BYTE_NANOS * (recall < 1 ? Math.min(bytes, BYTES_BY_RECALL) : bytes);
    double filterFirst = rows * filterNanos + search * Math.min(1, GATHER * share);
    double taken = k == CascadeRequest.ALL_ROWS ? rowsToFind(rows, k) : k / share;
    double distanceFirst = search + TAKE_NANOS + taken * rowNanos();
    return rowsToFind(rows, k) <= rows * MOST_ROWS && MARGIN * distanceFirst < filterFirst;
  }

  private double rowNanos() {
    return TAKE_ROW_NANOS + BYTE_NANOS * takenBytes;
  }

  /**
   * How many of the nearest rows to find, so that probably k of them pass; of all rows within a
   * radius, so many that taking them costs a quarter of filtering all rows.
   */
  long rowsToFind(double rows, long k) {
    double wanted =
        k == CascadeRequest.ALL_ROWS ? rows * filterNanos / 4 / rowNanos() : SLACK * rowsToTake(k);
    return Math.max(LEAST_ROWS, (long) wanted);
  }

  /** How many rows to take at first, so that perhaps k of them pass. */
  long rowsToTake(long k) {
    return (long) Math.ceil(1.25 * k / share);
  }
}
