package org.bindsql.rel;

import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.vector.FieldVector;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.bindsql.cascade.BatchAnswers;
import org.bindsql.cascade.CascadeBatch;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.expr.BatchPredicate;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.table.CodeReader;
import org.bindsql.table.FingerprintTable;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Rows of an {@link HdrCascadeJoin}: takes a group of rows of the input, searches for all of them
 * in one pass, returns their pairs, and so on.
 *
 * <p>Memory is bounded by the size of a group. If more pairs are found than may be, half the group
 * is searched for, until it fits; one query alone may find all rows.
 */
final class CascadeJoinReader implements BatchReader {
  /** Queries of a pass: so many that reading the rows is little beside comparing them. */
  private static final int GREATEST_GROUP = 4096;

  /** Pairs that the threads hold at a time, of 12 bytes each. */
  private static final long GREATEST_PAIRS = Long.getLong("bindsql.join.pairs", 1 << 22);

  private static final int MOST_ROWS = Integer.MAX_VALUE - 8; // as TopKHeap holds

  private final HdrCascadeJoin rel;
  private final int operator;
  private final CascadeSearch search;
  private final CascadeJoinForm form;
  private final FingerprintTable table;
  private final BatchReader input;
  private final ExecutionContext context;
  private final BatchPredicate condition;
  private @Nullable Batch batch;
  private int nextOfBatch;
  private @Nullable CodeReader codes;
  private @Nullable ResidentColumn resident;
  private @Nullable ResidentCandidates candidates; // null if codes have to stream by
  private @Nullable QueryGroup group;
  private int searched; // rows of the group
  private int groupSize;
  private @Nullable PairReader pairs;
  private boolean done;

  /**
   * Creates a reader that closes {@code input}.
   *
   * @param operator rel id under which to report
   */
  CascadeJoinReader(HdrCascadeJoin rel, int operator, BatchReader input, ExecutionContext context) {
    this.rel = rel;
    this.operator = operator;
    this.search = rel.search();
    this.form = rel.form();
    this.table = rel.fingerprintTable();
    this.input = input;
    this.context = context;
    RexBuilder rexBuilder = rel.getCluster().getRexBuilder();
    this.condition = RexCompiler.predicate(form.condition(), rel.getRowType(), rexBuilder);
    for (int column : search.columns()) {
      ArrowTypes.requireReadable(table.arrowSchema().getFields().get(column));
    }
  }

  @Override
  public @Nullable Batch next() {
    while (!done) {
      if (pairs != null) {
        Batch found = pairs.next();
        if (found != null) {
          return found;
        }
        pairs.close();
        pairs = null;
      }
      if (group != null && searched < group.rows()) {
        pairs = search(group);
      } else {
        done = !nextGroup();
      }
    }
    return null;
  }

  /** Collects the next rows of the input; false if there are none. */
  private boolean nextGroup() {
    closeGroup();
    searched = 0;
    int[] columns = form.inputColumns().toIntArray();
    int query = ((RexInputRef) search.query()).getIndex();
    while (group == null || !group.isFull()) {
      if (batch == null || nextOfBatch == batch.selection().count()) {
        batch = input.next();
        nextOfBatch = 0;
        if (batch == null) {
          break;
        }
        continue;
      }
      if (group == null) {
        groupSize = groupSize == 0 ? firstGroupSize() : groupSize;
        group = newGroup(batch.select(columns).columns());
      }
      nextOfBatch += group.add(batch, columns, batch.column(query), nextOfBatch);
    }
    return group != null;
  }

  private QueryGroup newGroup(List<FieldVector> columns) {
    int width = search.width(table);
    return new QueryGroup(columns, groupSize, width, context.allocator());
  }

  private int firstGroupSize() {
    long k = wanted();
    return k == CascadeRequest.ALL_ROWS
        ? GREATEST_GROUP
        : (int)
            Math.clamp(
                GREATEST_PAIRS / Math.max(1, k) / context.threads(),
                HammingKernel.TILE_QUERIES,
                GREATEST_GROUP);
  }

  /** Number of rows wanted for each row of the input. */
  private long wanted() {
    if (form.fetch() != null) {
      return QueryValues.rowCount("LIMIT", form.fetch(), rel.constants(), context);
    }
    RadiusBound rank = form.rank();
    if (rank == null) {
      return CascadeRequest.ALL_ROWS;
    }
    Number bound = QueryValues.number("ROW_NUMBER", rank.value(), rel.constants(), context);
    return Math.max(0, rank.radius(bound, MOST_ROWS));
  }

  /** Searches for the next rows of the group, as many as have room. */
  private PairReader search(QueryGroup rows) {
    CodeReader reader = codes;
    if (reader == null) {
      reader =
          table.openCodes(search.column(), rel.remainder().columns(), search.filter(), context);
      codes = reader;
      resident = reader.resident();
      boolean whole = resident != null && hasCodes(resident);
      if (resident != null && whole) {
        candidates = ResidentCandidates.find(search, rel.remainder(), reader, resident, context);
      }
      Profile profile = context.profile();
      if (profile != null) {
        profile.note(
            operator,
            CascadeSearch.RESIDENCE,
            resident == null || whole
                ? reader.whereFound()
                : "streamed (joins compare all fingerprints)");
      }
    }
    while (true) {
      int to = Math.min(rows.rows(), searched + groupSize);
      PairReader found = search(rows, searched, to, reader);
      if (found != null) {
        searched = to;
        return found;
      }
      groupSize = Math.max(1, (to - searched) / 2);
    }
  }

  /** Searches for some rows; null if there are too many pairs. */
  private @Nullable PairReader search(QueryGroup rows, int from, int to, CodeReader reader) {
    int width = search.width(table);
    int first = rows.queriesBefore(from);
    int count = rows.queriesBefore(to) - first;
    long k = wanted();
    int radius = search.radius(width * 8, rel.constants(), context);
    if (resident != null
        && candidates != null
        && k > 0
        && rows.unfitBytes() < 0
        && to - from <= SinglePasses.MOST_QUERIES) {
      CascadeRequest nullQuery =
          new CascadeRequest(null, search.kind().mask(), k, radius, nullRows(), context.recall());
      IntFunction<CascadeResult> answers =
          new SinglePasses(resident, candidates, operator, context)
              .search(nullQuery, rows.codesOneByOne(first, count), greatestSize(from, to));
      return answers == null ? null : pairs(rows, from, to, answers, reader);
    }
    CascadeBatch batch =
        new CascadeBatch(
            rows.codes(first, count),
            count,
            width,
            search.kind().mask(),
            k,
            radius,
            nullRows(),
            count < to - from,
            greatestSize(from, to),
            HammingKernel.get());
    JoinPass pass = new JoinPass(rel, batch, operator, rows.unfitBytes(), context);
    BatchAnswers answers =
        k == 0
            ? batch.answers(List.of())
            : candidates == null ? pass.stream(reader) : pass.search(candidates);
    return batch.isOverflown() ? null : pairs(rows, from, to, answers, reader);
  }

  private static long greatestSize(int from, int to) {
    return to - from == 1 ? Long.MAX_VALUE : GREATEST_PAIRS;
  }

  private PairReader pairs(
      QueryGroup rows, int from, int to, IntFunction<CascadeResult> answers, CodeReader reader) {
    int width = search.width(table);
    return new PairReader(rel, rows, from, to, width, answers, reader, condition, context);
  }

  private static boolean hasCodes(ResidentColumn column) {
    return column.segments().stream().allMatch(rows -> rows.segment().codes() != null);
  }

  private NullRows nullRows() {
    if (!search.radii().isEmpty()) {
      return NullRows.EXCLUDED; // a bound on a NULL distance is not TRUE
    }
    return form.nullsFirst() ? NullRows.FIRST : NullRows.LAST;
  }

  private void closeGroup() {
    if (group != null) {
      group.close();
      group = null;
    }
  }

  @Override
  public void close() {
    done = true;
    try (BatchReader ignored = input;
        CodeReader alsoIgnored = codes;
        ResidentColumn columnToo = resident;
        PairReader pairsToo = pairs) {
      codes = null;
      resident = null;
      pairs = null;
      closeGroup();
    }
  }
}
