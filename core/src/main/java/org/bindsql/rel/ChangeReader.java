package org.bindsql.rel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.ChangePlan;
import org.bindsql.table.ChangeTable;
import org.bindsql.type.CellReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.bindsql.vector.VectorCopy;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a statement's query in the form that {@link ChangeTable#apply} wants.
 *
 * <p>The query's rows have a clause (none if NULL: the row is left out), the row's address, its
 * offset if the plan is not complete, and the columns of {@link ChangeTableModify#columns}. What
 * they lack of the rows to update is fetched.
 */
final class ChangeReader implements BatchReader {
  private static final int CLAUSE = 0;
  private static final int ADDRESS = 1;
  private static final int OFFSET = 2;

  private final BatchReader input;
  private final String name;
  private final ChangeTable table;
  private final ChangePlan plan;
  private final ExecutionContext context;
  private final List<Field> fields;
  private final int[] sources;
  private final int[] fetched;
  private final StoredColumns stored;
  private final Set<List<Object>> keys = new HashSet<>();

  /**
   * Creates a reader.
   *
   * @param name the table's name, for messages
   * @param columns positions in the table of the query's columns after the leading ones
   */
  ChangeReader(
      BatchReader input,
      String name,
      ChangeTable table,
      ChangePlan plan,
      ImmutableBitSet columns,
      ExecutionContext context) {
    this.input = input;
    this.name = name;
    this.table = table;
    this.plan = plan;
    this.context = context;
    this.fields = table.arrowSchema().getFields().stream().map(StoredColumns::nullable).toList();
    this.sources = new int[fields.size()];
    Arrays.fill(sources, -1);
    int source = plan.complete() ? OFFSET : OFFSET + 1;
    for (int column : columns) {
      sources[column] = source++;
    }
    this.fetched = plan.complete() ? new int[0] : fetched();
    this.stored = new StoredColumns(context.allocator());
  }

  /** The columns that some clause leaves as they are in the rows that it updates. */
  private int[] fetched() {
    ImmutableBitSet all = ImmutableBitSet.range(fields.size());
    return ImmutableBitSet.union(
            plan.clauses().stream()
                .filter(clause -> clause.action() == ChangeTable.UPDATE)
                .map(clause -> all.except(clause.columns()))
                .toList())
        .toArray();
  }

  @Override
  public @Nullable Batch next() {
    stored.close();
    Batch batch = input.next();
    while (batch != null) {
      Selection rows = changed(batch);
      if (!rows.isEmpty()) {
        return changes(batch, rows);
      }
      batch = input.next();
    }
    return null;
  }

  /** The rows that have a clause, without those whose key came before. */
  private Selection changed(Batch batch) {
    FieldVector clauses = batch.column(CLAUSE);
    CellReader[] key =
        plan.keys().stream()
            .mapToObj(column -> CellReader.of(batch.column(sources[column])))
            .toArray(CellReader[]::new);
    int[] positions = new int[batch.selection().count()];
    int count = 0;
    for (int i = 0; i < positions.length; i++) {
      int row = batch.selection().position(i);
      if (!clauses.isNull(row) && isFirst(clause(clauses, row), key, row)) {
        positions[count++] = row;
      }
    }
    return Selection.list(positions, count);
  }

  private ChangePlan.Clause clause(FieldVector clauses, int row) {
    return plan.clauses().get(((IntVector) clauses).get(row));
  }

  private boolean isFirst(ChangePlan.Clause clause, CellReader[] key, int row) {
    if (key.length == 0 || clause.action() != ChangeTable.INSERT) {
      return true;
    }
    List<Object> values = new ArrayList<>(key.length);
    for (CellReader cell : key) {
      Object value = cell.get(row);
      if (value == null) {
        return true; // NULL equals nothing
      }
      values.add(value);
    }
    boolean first = keys.add(values);
    if (!first && !plan.firstWins()) {
      throw new BindSqlException(
          ErrorCode.CARDINALITY_VIOLATION,
          "ON CONFLICT DO UPDATE: two rows have the same key "
              + values
              + "; a statement can insert or update a row only once");
    }
    return first;
  }

  private Batch changes(Batch batch, Selection rows) {
    int rowCount = batch.rowCount();
    FieldVector clauses = batch.column(CLAUSE);
    BigIntVector given = (BigIntVector) batch.column(ADDRESS);
    IntVector actions =
        (IntVector) stored.create(column(ChangeTable.ACTION, MinorType.INT), rowCount);
    BigIntVector addresses =
        (BigIntVector) stored.create(column(ChangeTable.ROW_ADDRESS, MinorType.BIGINT), rowCount);
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      int action = clause(clauses, row).action();
      actions.set(row, action);
      if (action != ChangeTable.INSERT) {
        addresses.set(row, given.get(row));
      }
    }
    actions.setValueCount(rowCount);
    addresses.setValueCount(rowCount);
    List<FieldVector> columns = new ArrayList<>(fields.size() + 2);
    columns.add(actions);
    columns.add(addresses);
    columns.addAll(fetched.length == 0 ? given(batch, rows) : mixed(batch, rows));
    return new Batch(columns, rowCount, rows);
  }

  private static Field column(String name, MinorType type) {
    return Field.nullable(name, type.getType());
  }

  /** The query's columns; NULL where it has none. */
  private List<FieldVector> given(Batch batch, Selection rows) {
    List<FieldVector> columns = new ArrayList<>(fields.size());
    for (int i = 0; i < sources.length; i++) {
      columns.add(
          sources[i] < 0
              ? nulls(fields.get(i), batch.rowCount())
              : stored.as(fields.get(i), batch.column(sources[i]), batch.rowCount(), rows));
    }
    return columns;
  }

  private FieldVector nulls(Field field, int rowCount) {
    FieldVector nulls = stored.create(field, rowCount);
    nulls.setValueCount(rowCount);
    return nulls;
  }

  /** The query's columns where a row's clause sets them, else what is stored. */
  private List<FieldVector> mixed(Batch batch, Selection rows) {
    int rowCount = batch.rowCount();
    List<FieldVector> given = given(batch, rows);
    List<FieldVector> columns = new ArrayList<>(given);
    for (int column : fetched) {
      columns.set(column, stored.create(fields.get(column), rowCount));
    }
    FieldVector clauses = batch.column(CLAUSE);
    try (FetchedRows old = fetch(batch, rows)) {
      for (int i = 0; i < rows.count(); i++) {
        int row = rows.position(i);
        ChangePlan.Clause clause = clause(clauses, row);
        boolean update = clause.action() == ChangeTable.UPDATE;
        if (update) {
          old.advance();
        }
        for (int f = 0; f < fetched.length; f++) {
          int column = fetched[f];
          if (clause.columns().get(column)) {
            VectorCopy.copy(given.get(column), row, columns.get(column), row);
          } else if (update) {
            old.copy(f, columns.get(column), row);
          }
        }
      }
    }
    for (int column : fetched) {
      columns.get(column).setValueCount(rowCount);
    }
    return columns;
  }

  private FetchedRows fetch(Batch batch, Selection rows) {
    FieldVector clauses = batch.column(CLAUSE);
    BigIntVector offsets = (BigIntVector) batch.column(OFFSET);
    Set<Long> seen = new HashSet<>();
    long[] wanted = new long[rows.count()];
    int count = 0;
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      if (clause(clauses, row).action() == ChangeTable.UPDATE) {
        long offset = offsets.get(row);
        if (!seen.add(offset)) {
          throw new BindSqlException(
              ErrorCode.CARDINALITY_VIOLATION,
              "a row of table "
                  + name
                  + " would be changed twice by one statement: more than one source row matches it");
        }
        wanted[count++] = offset;
      }
    }
    return new FetchedRows(table.fetch(Arrays.copyOf(wanted, count), fetched, context));
  }

  /** Fetched rows, one after the other. */
  private static final class FetchedRows implements AutoCloseable {
    private final BatchReader reader;
    private @Nullable Batch batch;
    private int next;

    FetchedRows(BatchReader reader) {
      this.reader = reader;
    }

    void advance() {
      next++;
      Batch rows = batch;
      while (rows == null || next >= rows.selection().count()) {
        rows = reader.next();
        next = 0;
        if (rows == null) {
          throw new IllegalStateException("fewer rows fetched than wanted");
        }
        batch = rows;
      }
    }

    void copy(int column, FieldVector to, int row) {
      Batch rows = java.util.Objects.requireNonNull(batch);
      VectorCopy.copy(rows.column(column), rows.selection().position(next), to, row);
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  @Override
  public void close() {
    try (input) {
      stored.close();
    }
  }
}
