package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.ChangeForm;
import org.bindsql.table.ChangePlan;
import org.bindsql.table.ChangeTable;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** What the code that {@link ChangeTableModify} generates calls. */
public final class ChangeRun {
  private final String name;
  private final ChangeTable table;
  private final @Nullable ChangePlan plan;
  private final ImmutableBitSet columns;
  private final @Nullable ArrowRel query;

  /**
   * Creates a run.
   *
   * @param name the table's name, for messages
   * @param plan what becomes of the rows, or null to append them
   * @param columns positions in the table of the columns that the rows have, if there is a plan
   * @param query makes the rows as batches, or null if they are given
   */
  ChangeRun(
      String name,
      ChangeTable table,
      @Nullable ChangePlan plan,
      ImmutableBitSet columns,
      @Nullable ArrowRel query) {
    this.name = name;
    this.table = table;
    this.plan = plan;
    this.columns = columns;
    this.query = query;
  }

  /** Runs the statement on the batches of its query; the one result row is the number changed. */
  public Enumerable<Long> run(DataContext root) {
    ArrowRel batches = java.util.Objects.requireNonNull(query);
    if (root.get(AppendRuns.VARIABLE) instanceof AppendRuns runs) {
      runs.add(this, rows(root, batches));
      return Linq4j.singletonEnumerable(0L);
    }
    return run(root, context -> ArrowRel.openProfiled(batches, context));
  }

  /** The rows of batches, each an array. */
  private static Enumerable<Object> rows(DataContext root, ArrowRel batches) {
    boolean single = batches.getRowType().getFieldCount() == 1;
    return new RowReader(root, batches)
        .select(row -> single ? new @Nullable Object[] {row} : (@Nullable Object[]) row);
  }

  /** Runs the statement on rows; the one result row is the number changed. */
  public Enumerable<Long> run(DataContext root, Enumerable<Object> rows) {
    if (root.get(AppendRuns.VARIABLE) instanceof AppendRuns runs) {
      runs.add(this, rows);
      return Linq4j.singletonEnumerable(0L);
    }
    return run(root, context -> packed(rows.enumerator(), context));
  }

  /** Appends rows, which are closed. */
  void append(DataContext root, Enumerator<Object> rows) {
    run(root, context -> packed(rows, context));
  }

  private RowBatches packed(Enumerator<Object> rows, ExecutionContext context) {
    return new RowBatches(rows, rowSchema(), false, context.allocator(), context.batchSize());
  }

  private interface Open {
    BatchReader open(ExecutionContext context);
  }

  private Enumerable<Long> run(DataContext root, Open input) {
    ExecutionContext context = RowReader.openContext(root);
    try (var memory = context.allocator()) {
      context.checkCancelled();
      return Linq4j.singletonEnumerable(change(input.open(context), context));
    }
  }

  /** Changes the table, which closes what it reads; a failure of the query is thrown as it is. */
  private long change(BatchReader input, ExecutionContext context) {
    ChangePlan changes = plan;
    QueryFailure rows =
        new QueryFailure(
            changes == null
                ? new AppendReader(input, table.arrowSchema().getFields(), context)
                : new ChangeReader(input, name, table, changes, columns, context));
    try {
      return changes == null ? table.append(rows, context) : table.apply(rows, context);
    } catch (RuntimeException e) {
      RuntimeException cause = rows.failure();
      throw cause == null ? e : cause;
    }
  }

  /**
   * The types in which given rows are packed: those of the table, so that each value is checked.
   */
  private Schema rowSchema() {
    List<Field> stored = table.arrowSchema().getFields();
    ChangePlan changes = plan;
    if (changes == null) {
      return new Schema(stored);
    }
    List<Field> fields = new ArrayList<>();
    fields.add(Field.nullable(ChangeForm.CLAUSE, MinorType.INT.getType()));
    fields.add(Field.nullable(ChangeTable.ROW_ADDRESS, MinorType.BIGINT.getType()));
    if (!changes.complete()) {
      fields.add(Field.nullable(ChangeTable.ROW_OFFSET, MinorType.BIGINT.getType()));
    }
    columns.forEach(column -> fields.add(StoredColumns.nullable(stored.get(column))));
    return new Schema(fields);
  }
}
