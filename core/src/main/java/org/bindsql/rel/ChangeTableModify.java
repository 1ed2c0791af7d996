package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.TableModify;
import org.apache.calcite.rel.logical.LogicalTableModify;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.table.ChangeForm;
import org.bindsql.table.ChangePlan;
import org.bindsql.table.ChangeTable;
import org.jspecify.annotations.Nullable;

/**
 * Change of a {@link ChangeTable} by the rows of a query: batches as they come if the query is an
 * ARROW rel, else rows that are packed.
 */
public final class ChangeTableModify extends TableModify implements EnumerableRel {
  private final ChangeTable changed;
  private final @Nullable ChangePlan plan;
  private final ImmutableBitSet columns;

  private ChangeTableModify(
      TableModify modify,
      RelTraitSet traits,
      RelNode input,
      ChangeTable changed,
      @Nullable ChangePlan plan,
      ImmutableBitSet columns) {
    super(
        modify.getCluster(),
        traits,
        modify.getTable(),
        modify.getCatalogReader(),
        input,
        Operation.INSERT,
        null,
        null,
        modify.isFlattened());
    this.changed = changed;
    this.plan = plan;
    this.columns = columns;
  }

  /**
   * The physical form of an INSERT into a {@link ChangeTable}.
   *
   * @param input the rows to insert, with all columns, in ARROW or Enumerable convention
   */
  public static ChangeTableModify append(LogicalTableModify modify, RelNode input) {
    ChangeTable table = modify.getTable().unwrapOrThrow(ChangeTable.class);
    return new ChangeTableModify(
        modify, enumerable(modify), input, table, null, ImmutableBitSet.of());
  }

  /**
   * The physical form of an INSERT into a {@link ChangeForm} with a plan.
   *
   * @param input rows of a clause, the row's address, its offset if the plan is not complete, and
   *     the given columns, in ARROW or Enumerable convention
   * @param columns positions in the table of the columns that the input has
   */
  public static ChangeTableModify apply(
      LogicalTableModify modify, RelNode input, ChangePlan plan, ImmutableBitSet columns) {
    ChangeTable table = modify.getTable().unwrapOrThrow(ChangeForm.class).table();
    return new ChangeTableModify(modify, enumerable(modify), input, table, plan, columns);
  }

  private static RelTraitSet enumerable(LogicalTableModify modify) {
    return modify.getTraitSet().replace(EnumerableConvention.INSTANCE);
  }

  /**
   * Whether it appends rows that are not batches, or few of literals and parameters, so that it can
   * be one of {@link AppendRuns}.
   */
  public boolean appendsRows() {
    return plan == null && (!(getInput() instanceof ArrowRel) || isOfLiterals(getInput()));
  }

  private static boolean isOfLiterals(RelNode rel) {
    return rel instanceof ArrowValues
        || rel instanceof ArrowProject && isOfLiterals(rel.getInput(0));
  }

  /** Columns that the input has beside the leading ones, if it is not a plain INSERT. */
  public ImmutableBitSet columns() {
    return columns;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new ChangeTableModify(this, traits, inputs.getFirst(), changed, plan, columns);
  }

  /** Whether rows are updated, deleted or looked for, not only appended. */
  public boolean changesRows() {
    return plan != null;
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    writer.input("input", getInput()).item("table", getTable().getQualifiedName());
    ChangePlan changes = plan;
    if (changes == null) {
      return writer.item("action", "INSERT");
    }
    List<String> names = getTable().getRowType().getFieldNames();
    int number = 0;
    for (ChangePlan.Clause clause : changes.clauses()) {
      String set = clause.columns().stream().mapToObj(names::get).toList().toString();
      writer.item(
          changes.clauses().size() == 1 ? "action" : "action" + number++,
          switch (clause.action()) {
            case ChangeTable.INSERT -> "INSERT" + set;
            case ChangeTable.UPDATE -> "UPDATE" + set;
            default -> "DELETE";
          });
    }
    return writer.itemIf("fetch", true, changes.updates() && !changes.complete());
  }

  @Override
  public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    // Storing costs the same however the rows come; unboxed ones are had for less.
    double rows = mq.getRowCount(getInput());
    RelOptCost cost = planner.getCostFactory().makeCost(rows, rows, 0);
    return getInput().getConvention() == ArrowRel.CONVENTION ? ArrowRel.cheaper(cost) : cost;
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    BlockBuilder builder = new BlockBuilder();
    Expression root = Expressions.convert_(implementor.getRootExpression(), DataContext.class);
    Expression count;
    if (getInput() instanceof ArrowRel batches) {
      Expression run = implementor.stash(run(batches), ChangeRun.class);
      count = Expressions.call(run, "run", root);
    } else {
      Result input = implementor.visitChild(this, 0, (EnumerableRel) getInput(), Prefer.ARRAY);
      Expression rows =
          input.physType.convertTo(builder.append("rows", input.block), JavaRowFormat.ARRAY);
      Expression run = implementor.stash(run(null), ChangeRun.class);
      count = Expressions.call(run, "run", root, Expressions.convert_(rows, Enumerable.class));
    }
    builder.add(Expressions.return_(null, count));
    PhysType type =
        PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.SCALAR);
    return implementor.result(type, builder.toBlock());
  }

  private ChangeRun run(@Nullable ArrowRel query) {
    return new ChangeRun(getTable().getQualifiedName().getLast(), changed, plan, columns, query);
  }
}
