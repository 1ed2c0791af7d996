package org.bindsql.exec;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What operators of one running statement share; passed, never static.
 *
 * @param allocator the statement's own child allocator, closed after the root reader
 * @param variables values by name: dynamic parameters {@code "?0"}, {@code "?1"}, ... in
 *     Enumerable's runtime form, and whatever else the embedding application's DataContext holds
 * @param cancelled set from another thread to end the statement
 * @param batchSize wanted rows per batch; tests set 1, 2 or 3 to meet every boundary
 * @param threads greatest number of threads one operator may use, at least 1
 * @param profile where operators report what they did, or null when nobody asked
 */
public record ExecutionContext(
    BufferAllocator allocator,
    Function<String, @Nullable Object> variables,
    AtomicBoolean cancelled,
    int batchSize,
    int threads,
    @Nullable Profile profile) {

  /** Rows per batch where nothing else is said. */
  public static final int DEFAULT_BATCH_SIZE = 8192;

  /**
   * Where a statement's context comes from: the embedding application puts one into its DataContext
   * under {@link #VARIABLE} to choose allocator, batch size, threads and profile.
   */
  @FunctionalInterface
  public interface Source {
    /** Name of the DataContext variable that holds the Source. */
    String VARIABLE = "bindsql.executionContext";

    /**
     * Makes the context of one run of a plan. Its allocator is a fresh child allocator, which the
     * caller closes at the end of the run.
     *
     * @param variables the DataContext's values by name
     */
    ExecutionContext open(Function<String, @Nullable Object> variables);
  }

  /**
   * A context with default batch size, one thread per processor and no profile.
   *
   * @param variables values by name; {@code "cancelFlag"} is the AtomicBoolean that cancels, if any
   */
  public static ExecutionContext of(
      BufferAllocator allocator, Function<String, @Nullable Object> variables) {
    AtomicBoolean cancelled =
        variables.apply("cancelFlag") instanceof AtomicBoolean flag ? flag : new AtomicBoolean();
    return new ExecutionContext(
        allocator,
        variables,
        cancelled,
        DEFAULT_BATCH_SIZE,
        Runtime.getRuntime().availableProcessors(),
        null);
  }

  /** Name of the variable that holds the value of {@link #recall}, a number or its text. */
  public static final String RECALL = "hdr.recall";

  /** Smallest share of the true answer that searches have to find: 1, all, unless set. */
  public double recall() {
    Object value = variables.apply(RECALL);
    return value == null ? 1 : Double.parseDouble(value.toString());
  }

  /** Name of the variable that holds the value of {@link #searchOrder}, its name in any case. */
  public static final String SEARCH_ORDER = "hdr.first";

  /** What searches with a filter look for first: {@link SearchOrder#AUTO} unless set. */
  public SearchOrder searchOrder() {
    Object value = variables.apply(SEARCH_ORDER);
    return value == null
        ? SearchOrder.AUTO
        : SearchOrder.valueOf(value.toString().toUpperCase(Locale.ROOT));
  }

  /** Value of the dynamic parameter with the given 0-based index. */
  public @Nullable Object parameter(int index) {
    return variables.apply("?" + index);
  }

  /** What the scans of this run share, or null if the application keeps no scope. */
  public @Nullable StatementScope scope() {
    return variables.apply(StatementScope.VARIABLE) instanceof StatementScope scope ? scope : null;
  }

  /** Ends the statement if it was cancelled; operators call it once per batch. */
  public void checkCancelled() {
    if (cancelled.get()) {
      throw new BindSqlException(ErrorCode.CANCELLED, "statement cancelled");
    }
  }
}
