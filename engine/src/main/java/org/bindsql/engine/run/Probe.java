package org.bindsql.engine.run;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.Profile;
import org.jspecify.annotations.Nullable;

/**
 * Row-at-a-time operator that passes its input on, ends the statement when it was cancelled, and
 * counts rows and time for EXPLAIN ANALYZE.
 */
public final class Probe extends SingleRel implements EnumerableRel {
  /** DataContext variable with the {@link Profile} to report to, if any. */
  public static final String PROFILE = "bindsql.profile";

  private final int operator;
  private final boolean keepRows;

  /**
   * Creates a probe.
   *
   * @param operator rel id under which to report
   * @param keepRows whether to compute the input once and keep its rows, because the operator above
   *     reads them again and again
   */
  Probe(RelNode input, int operator, boolean keepRows) {
    super(input.getCluster(), input.getTraitSet(), input);
    this.operator = operator;
    this.keepRows = keepRows;
  }

  @Override
  public RelNode copy(org.apache.calcite.plan.RelTraitSet traitSet, List<RelNode> inputs) {
    return new Probe(inputs.getFirst(), operator, keepRows);
  }

  /** The rel id under which the probe reports. */
  int operator() {
    return operator;
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer pref) {
    BlockBuilder builder = new BlockBuilder();
    Result input = implementor.visitChild(this, 0, (EnumerableRel) getInput(), pref);
    Expression rows = builder.append("probed", input.block);
    builder.add(
        Expressions.return_(
            null,
            Expressions.call(
                Types.lookupMethod(
                    Probe.class,
                    keepRows ? "keep" : "watch",
                    Enumerable.class,
                    int.class,
                    DataContext.class),
                rows,
                Expressions.constant(operator),
                DataContext.ROOT)));
    return implementor.result(input.physType, builder.toBlock());
  }

  /** Called from generated code: the same rows, with every step counted and cancellable. */
  public static <T> Enumerable<T> watch(Enumerable<T> rows, int operator, DataContext root) {
    AtomicBoolean cancelled =
        root.get(DataContext.Variable.CANCEL_FLAG.camelName) instanceof AtomicBoolean flag
            ? flag
            : new AtomicBoolean();
    Profile profile = root.get(PROFILE) instanceof Profile wanted ? wanted : null;
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        long start = System.nanoTime();
        Enumerator<T> enumerator = rows.enumerator();
        if (profile != null) {
          profile.add(operator, "nanos", System.nanoTime() - start);
        }
        return new Watch<>(enumerator, cancelled, profile, operator);
      }
    };
  }

  /** Called from generated code: like {@link #watch}, but the input is computed only once. */
  public static <T> Enumerable<T> keep(Enumerable<T> rows, int operator, DataContext root) {
    Enumerable<T> watched = watch(rows, operator, root);
    return new AbstractEnumerable<>() {
      private @Nullable List<T> kept;

      @Override
      public Enumerator<T> enumerator() {
        List<T> list = kept;
        if (list == null) {
          list = watched.toList();
          kept = list;
        }
        return org.apache.calcite.linq4j.Linq4j.enumerator(list);
      }
    };
  }

  private static final class Watch<T> implements Enumerator<T> {
    private final Enumerator<T> rows;
    private final AtomicBoolean cancelled;
    private final @Nullable Profile profile;
    private final int operator;
    private long nanos;
    private long count;

    Watch(Enumerator<T> rows, AtomicBoolean cancelled, @Nullable Profile profile, int operator) {
      this.rows = rows;
      this.cancelled = cancelled;
      this.profile = profile;
      this.operator = operator;
    }

    @Override
    public T current() {
      return rows.current();
    }

    @Override
    public boolean moveNext() {
      if (cancelled.get()) {
        throw new BindSqlException(ErrorCode.CANCELLED, "statement cancelled");
      }
      if (profile == null) {
        return rows.moveNext();
      }
      long start = System.nanoTime();
      boolean more = rows.moveNext();
      nanos += System.nanoTime() - start;
      if (more) {
        count++;
      } else {
        report(profile);
      }
      return more;
    }

    @Override
    public void reset() {
      rows.reset();
    }

    @Override
    public void close() {
      if (profile != null) {
        report(profile);
      }
      rows.close();
    }

    private void report(Profile to) {
      to.add(operator, "nanos", nanos);
      to.add(operator, "rows", count);
      nanos = 0;
      count = 0;
    }
  }
}
