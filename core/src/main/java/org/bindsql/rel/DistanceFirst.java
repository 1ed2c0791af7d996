package org.bindsql.rel;

import java.util.Arrays;
import org.bindsql.cascade.BlockFilter;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.cascade.ResidentSearch;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.exec.SearchOrder;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.table.CodeReader;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * Search of a column that is in memory for the nearest rows whatever the filter says; those of them
 * that pass it are the answer. It pays where the filter is dear, and lets enough rows pass.
 *
 * <pre>
 *   filter first      filter N rows, search those that pass
 *   here              n = k / share, some more
 *                     the n rows that come first by (distance, row key)
 *                     take their columns by row key, filter, in that order, until k pass
 * </pre>
 *
 * <p>Exact: the n rows are the first of an order of all rows, so the first k of them that pass are
 * the first k of all that pass. Fewer than n rows found are all rows there are, with NULL distances
 * or within the radius; then fewer than k may pass. If fewer than k of n rows pass, more are
 * searched for, a few times; then the search gives up, and the filter comes first.
 *
 * <p>With a recall below 1 each row of the answer is lost with the same bounded chance as in any
 * search: whatever is nearer than a row that was found is lost only by that chance.
 */
final class DistanceFirst {
  private static final int MAX_TRIES = 3;

  /** By how much a search that was asked for grows, whatever the estimates say. */
  private static final int GROWTH = 16;

  /** By how much too few rows must have passed so far, so that the others are not looked at. */
  private static final double FEWER = 2;

  private final HdrCascadeRel rel;
  private final ExecutionContext context;
  private final CascadeRequest request;
  private final CodeReader reader;
  private final ResidentColumn column;

  DistanceFirst(
      HdrCascadeRel rel,
      ExecutionContext context,
      CascadeRequest request,
      CodeReader reader,
      ResidentColumn column) {
    this.rel = rel;
    this.context = context;
    this.request = request;
    this.reader = reader;
    this.column = column;
  }

  /** The answer; null if the filter had better come first, from the beginning or after all. */
  @Nullable CascadeResult search() {
    if (context.searchOrder() == SearchOrder.FILTER || !isPossible()) {
      return null;
    }
    double rows = column.segments().stream().mapToLong(source -> source.rows().count()).sum();
    int bytes = request.mask().bytes(column.width());
    boolean forced = context.searchOrder() == SearchOrder.DISTANCE;
    SearchCosts costs = rel.costs();
    long wanted = 0;
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      if (!forced && !costs.distanceFirstPays(rows, bytes, request.k(), request.recall())) {
        break;
      }
      wanted = Math.max(costs.rowsToFind(rows, request.k()), forced ? GROWTH * wanted : 0);
      report("distance first", 1);
      CascadeResult near = nearest(wanted);
      boolean isAll = near.size() < wanted;
      if (request.k() == CascadeRequest.ALL_ROWS && !isAll) {
        break; // more rows within the radius than are worth taking one by one
      }
      Taken taken = take(near, isAll, costs.rowsToTake(request.k()));
      if (isAll || taken.passing.size() == request.k()) {
        return taken.passing;
      }
      costs = costs.withShare(Math.max(taken.passing.size(), 0.5) / taken.rows);
    }
    if (wanted > 0) {
      report("filter first after all", 1);
    }
    return null;
  }

  /** Whether all fingerprints are in memory, and the filter's columns can be read by row. */
  private boolean isPossible() {
    int[] columns = rel.conjuncts().columns();
    return !column.isFiltered()
        && column.segments().stream().allMatch(rows -> rows.segment().codes() != null)
        && reader.canFetch(columns)
        && Arrays.stream(columns)
            .mapToObj(rel.fingerprintTable().arrowSchema().getFields()::get)
            .allMatch(ArrowTypes::isReadable);
  }

  /** The rows that come first, without the filter; all of them if there are fewer. */
  private CascadeResult nearest(long wanted) {
    ResidentSearch search =
        new ResidentSearch(request.withK(wanted), HammingKernel.get(), column, column.segments());
    CascadeResult found = search.run(context.threads(), context::checkCancelled);
    Profile profile = context.profile();
    if (profile != null) {
      long offered = column.segments().stream().mapToLong(rows -> rows.rows().count()).sum();
      search
          .counters(offered)
          .values()
          .forEach((counter, amount) -> profile.add(rel.getId(), counter, amount));
    }
    return found;
  }

  /**
   * Rows that were looked at, in their order.
   *
   * @param passing the first that pass, at most k
   * @param rows how many were taken
   */
  private record Taken(CascadeResult passing, int rows) {}

  /**
   * Takes rows until k have passed, or so few that there will not be k among all that were found.
   *
   * @param isAll whether there are no other rows than those found
   * @param first how many rows to take at first; then twice as many, and so on
   */
  private Taken take(CascadeResult near, boolean isAll, long first) {
    BlockFilter filter = rel.conjuncts().filter(context);
    int[] columns = rel.conjuncts().columns();
    int most = (int) Math.min(request.k(), near.size());
    CascadeResult passing = new CascadeResult(new long[most], new int[most]);
    int passed = 0;
    int rejected = 0;
    int taken = 0;
    for (long some = Math.max(1, first); passed < most && taken < near.size(); some *= 2) {
      if (!isAll && taken > 0 && FEWER * passed * near.size() < (double) most * taken) {
        break;
      }
      int to = (int) Math.min(near.size(), taken + Math.min(some, Integer.MAX_VALUE));
      long[] keys = Arrays.copyOfRange(near.rowKeys(), taken, to);
      try (BatchReader rows = reader.fetch(keys, columns)) {
        for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
          Selection selected = filter.filter(batch);
          for (int i = 0; i < selected.count() && passed < most; i++, passed++) {
            passing.rowKeys()[passed] = near.rowKeys()[taken + selected.position(i)];
            passing.distances()[passed] = near.distances()[taken + selected.position(i)];
          }
          taken += batch.rowCount();
          rejected += batch.rowCount() - selected.count();
        }
      }
    }
    report("taken", taken);
    report("rejected by predicate", rejected);
    return new Taken(
        new CascadeResult(
            Arrays.copyOf(passing.rowKeys(), passed), Arrays.copyOf(passing.distances(), passed)),
        taken);
  }

  private void report(String counter, long amount) {
    Profile profile = context.profile();
    if (profile != null) {
      profile.add(rel.getId(), counter, amount);
    }
  }
}
