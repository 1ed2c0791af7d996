package org.bindsql.rel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.cascade.ResidentSearch;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.kernel.HammingKernel;
import org.jspecify.annotations.Nullable;

/**
 * Searches of a join by distance for so few queries that one after the other is faster than
 * together.
 */
final class SinglePasses {
  /** Most queries: three together share the reading of memory, which is most of the time. */
  static final int MOST_QUERIES = 2;

  private final ResidentColumn column;
  private final ResidentCandidates candidates;
  private final int operator;
  private final ExecutionContext context;

  /**
   * Creates them.
   *
   * @param operator rel id under which to report
   */
  SinglePasses(
      ResidentColumn column,
      ResidentCandidates candidates,
      int operator,
      ExecutionContext context) {
    this.column = column;
    this.candidates = candidates;
    this.operator = operator;
    this.context = context;
  }

  /**
   * Searches for each query.
   *
   * @param like the search for the NULL query
   * @param queries the others, by number
   * @return the answers by number of the query, -1 for the NULL query; null if they have more than
   *     {@code greatestSize} rows
   */
  @Nullable IntFunction<CascadeResult> search(
      CascadeRequest like, List<MemorySegment> queries, long greatestSize) {
    List<CascadeResult> answers = new ArrayList<>();
    long size = 0;
    for (MemorySegment query : queries) {
      answers.add(
          search(
              new CascadeRequest(
                  query, like.mask(), like.k(), like.radius(), like.nulls(), like.recall())));
      size += answers.getLast().size();
      if (size > greatestSize) {
        return null;
      }
    }
    return query -> query < 0 ? search(like) : answers.get(query);
  }

  private CascadeResult search(CascadeRequest request) {
    ResidentSearch search =
        new ResidentSearch(request, HammingKernel.get(), column, candidates.rows());
    CascadeResult result = search.run(context.threads(), context::checkCancelled);
    Profile profile = context.profile();
    if (profile != null && request.query() != null) {
      profile.add(operator, "queries", 1);
      profile.add(operator, "passes", 1);
      search
          .counters(candidates.offered())
          .values()
          .forEach((counter, amount) -> profile.add(operator, counter, amount));
    }
    return result;
  }
}
