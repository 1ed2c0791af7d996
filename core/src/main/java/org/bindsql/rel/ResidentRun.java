package org.bindsql.rel;

import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.cascade.ResidentSearch;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.table.CodeReader;
import org.jspecify.annotations.Nullable;

/**
 * Search of a column that is in memory: first the rows that pass the filter, then the passes; or
 * the other way round.
 */
final class ResidentRun {
  private final HdrCascadeRel rel;
  private final ExecutionContext context;

  ResidentRun(HdrCascadeRel rel, ExecutionContext context) {
    this.rel = rel;
    this.context = context;
  }

  /**
   * The answer; null if so much is not in memory that the column is better streamed.
   *
   * @param passing the rows that pass the filter; null if they are not known yet, or there is none
   */
  @Nullable CascadeResult search(
      CascadeRequest request,
      CodeReader reader,
      ResidentColumn column,
      @Nullable PassingRows passing) {
    if (passing == null && rel.search().isFiltered()) {
      CascadeResult found = new DistanceFirst(rel, context, request, reader, column).search();
      if (found != null) {
        return found;
      }
    }
    ResidentCandidates candidates =
        passing == null
            ? ResidentCandidates.find(rel.search(), rel.remainder(), reader, column, context)
            : passing.in(column);
    ResidentSearch cascade =
        new ResidentSearch(request, HammingKernel.get(), column, candidates.rows());
    if (!cascade.prepare(context.threads(), context::checkCancelled)) {
      return null;
    }
    CascadeResult result = cascade.run(context.threads(), context::checkCancelled);
    Profile profile = context.profile();
    if (profile != null) {
      cascade
          .counters(candidates.offered())
          .values()
          .forEach((counter, amount) -> profile.add(rel.getId(), counter, amount));
    }
    return result;
  }
}
