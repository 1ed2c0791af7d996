package org.bindsql.rules;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.CodeReader;
import org.bindsql.table.FingerprintTable;
import org.bindsql.table.ListReader;
import org.bindsql.table.ListTable;
import org.bindsql.table.PushDown;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * In-memory fingerprint table for tests: codes are byte[], row keys are positions, column 0 is the
 * row key, and {@code column = literal} on an INTEGER column is accepted as a filter.
 */
class CodeTable extends ListTable implements FingerprintTable {
  private int partitionRows;
  private int blockRows;
  private List<@Nullable Object[]> current;

  /** Readers, partitions and blocks that are open; 0 after each statement. */
  final AtomicInteger open = new AtomicInteger();

  /** Columns that late fetches asked for, in order. */
  final List<List<Integer>> fetched = new ArrayList<>();

  CodeTable(Schema schema, List<@Nullable Object[]> rows, int partitionRows, int blockRows) {
    super(schema, rows);
    this.current = rows;
    this.partitionRows = partitionRows;
    this.blockRows = blockRows;
  }

  /** Replaces the rows, so that one plan can be run over many tables. */
  void setRows(List<@Nullable Object[]> rows, int newPartitionRows, int newBlockRows) {
    current = rows;
    partitionRows = newPartitionRows;
    blockRows = newBlockRows;
  }

  @Override
  public List<@Nullable Object[]> rows() {
    return current;
  }

  /** Called before a block is read; tests throw here. */
  void beforeBlock(int firstRow) {}

  @Override
  public int rowKeyColumn() {
    return 0;
  }

  @Override
  public boolean isSearchable(int column) {
    return arrowSchema().getFields().get(column).getType() instanceof ArrowType.FixedSizeBinary;
  }

  @Override
  public PushDown pushDown(List<RexNode> conjuncts, RexBuilder rexBuilder) {
    List<RexNode> accepted = new ArrayList<>();
    List<RexNode> remainder = new ArrayList<>();
    conjuncts.forEach(c -> (isAccepted(c) ? accepted : remainder).add(c));
    return new PushDown(accepted, remainder);
  }

  private boolean isAccepted(RexNode conjunct) {
    return conjunct instanceof RexCall call
        && call.getKind() == SqlKind.EQUALS
        && call.getOperands().get(0) instanceof RexInputRef ref
        && arrowSchema().getFields().get(ref.getIndex()).getType() instanceof ArrowType.Int
        && call.getOperands().get(1) instanceof RexLiteral;
  }

  private static boolean passes(@Nullable Object[] row, List<RexNode> filter) {
    for (RexNode conjunct : filter) {
      RexCall call = (RexCall) conjunct;
      Object value = row[((RexInputRef) call.getOperands().get(0)).getIndex()];
      if (!Objects.equals(
          ((RexLiteral) call.getOperands().get(1)).getValueAs(Integer.class), value)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public BatchReader scan(ScanRequest request, ExecutionContext context) {
    List<@Nullable Object[]> passing =
        rows().stream().filter(row -> passes(row, request.filter())).toList();
    return new ListReader(arrowSchema(), passing, request.columns(), context);
  }

  @Override
  public CodeReader openCodes(
      int codeColumn, int[] columns, List<RexNode> filter, ExecutionContext context) {
    open.incrementAndGet();
    return new Codes(codeColumn, columns, filter, context);
  }

  private final class Codes implements CodeReader {
    private final int codeColumn;
    private final int[] columns;
    private final List<RexNode> filter;
    private final ExecutionContext context;

    Codes(int codeColumn, int[] columns, List<RexNode> filter, ExecutionContext context) {
      this.codeColumn = codeColumn;
      this.columns = columns;
      this.filter = filter;
      this.context = context;
    }

    @Override
    public int width() {
      return ((ArrowType.FixedSizeBinary) arrowSchema().getFields().get(codeColumn).getType())
          .getByteWidth();
    }

    @Override
    public List<Partition> partitions() {
      List<Partition> partitions = new ArrayList<>();
      for (int from = 0; from < rows().size(); from += partitionRows) {
        int to = Math.min(from + partitionRows, rows().size());
        open.incrementAndGet();
        partitions.add(new Rows(this, from, to));
      }
      return partitions;
    }

    @Override
    public BatchReader fetch(long[] rowKeys, int[] wanted) {
      fetched.add(java.util.Arrays.stream(wanted).boxed().toList());
      List<@Nullable Object[]> found = new ArrayList<>();
      for (long key : rowKeys) {
        found.add(rows().get((int) key));
      }
      return new ListReader(arrowSchema(), found, wanted, context);
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  private final class Rows implements CodeReader.Partition {
    private final Codes codes;
    private final int to;
    private int next;
    private @Nullable ArrowBuf memory;
    private @Nullable ListReader columnReader;

    Rows(Codes codes, int from, int to) {
      this.codes = codes;
      this.next = from;
      this.to = to;
    }

    @Override
    public @Nullable CodeBlock next() {
      closeBlock();
      int from = next;
      beforeBlock(from);
      int count = Math.min(blockRows, to - from);
      if (count == 0) {
        return null;
      }
      next += count;
      int width = codes.width();
      long validityBytes = (count + 7) / 8;
      ArrowBuf buffer = codes.context.allocator().buffer((long) count * width + validityBytes);
      memory = buffer;
      buffer.setZero(0, buffer.capacity());
      int[] active = new int[count];
      int activeCount = 0;
      for (int i = 0; i < count; i++) {
        @Nullable Object[] row = rows().get(from + i);
        if (row[codes.codeColumn] instanceof byte[] code) {
          buffer.setBytes((long) i * width, code);
          long at = (long) count * width + i / 8;
          buffer.setByte(at, buffer.getByte(at) | 1 << i % 8);
        }
        if (passes(row, codes.filter)) {
          active[activeCount++] = i;
        }
      }
      MemorySegment all =
          MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(buffer.capacity());
      ExecutionContext c = codes.context;
      ListReader reader =
          new ListReader(
              arrowSchema(),
              rows().subList(from, from + count),
              codes.columns,
              new ExecutionContext(c.allocator(), c.variables(), c.cancelled(), count, 1, null));
      columnReader = reader;
      Batch columns = Objects.requireNonNull(reader.next());
      return new CodeBlock(
          org.bindsql.cascade.Codes.rowMajor(all.asSlice(0, (long) count * width), width, count),
          columns.withSelection(Selection.list(active, activeCount)),
          all.asSlice((long) count * width, validityBytes),
          from,
          null);
    }

    private void closeBlock() {
      if (memory != null) {
        memory.close();
        memory = null;
      }
      if (columnReader != null) {
        columnReader.close();
        columnReader = null;
      }
    }

    @Override
    public void close() {
      closeBlock();
      open.decrementAndGet();
    }
  }
}
