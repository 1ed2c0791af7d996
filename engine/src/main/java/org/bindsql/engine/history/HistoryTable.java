package org.bindsql.engine.history;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.sql.SqlKind;
import org.bindsql.engine.Session;
import org.bindsql.error.BindSqlException;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.history.LanceHistory;
import org.bindsql.rel.RowBatches;
import org.bindsql.table.BatchTable;
import org.bindsql.table.PushDown;
import org.bindsql.table.ScanRequest;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * A table of the schema {@code system} that lists something of every Lance table.
 *
 * <p>Its first columns are {@code table_schema} and {@code table_name}. A filter that says what
 * they equal is applied before any table is opened.
 */
final class HistoryTable extends AbstractTable implements BatchTable {
  /** Tells which columns a statement reads. */
  interface Wanted {
    boolean column(String name);
  }

  /** Lists the rows of one table, without the first two columns, in Enumerable's runtime form. */
  interface Lister {
    List<@Nullable Object[]> rows(LanceHistory history, Wanted wanted);
  }

  private static final int KEYS = 2;

  private final Session session;
  private final Schema schema;
  private final Lister lister;

  /**
   * Creates a table.
   *
   * @param columns those after the first two
   */
  HistoryTable(Session session, List<Field> columns, Lister lister) {
    this.session = session;
    List<Field> fields =
        new ArrayList<>(List.of(text("table_schema", false), text("table_name", false)));
    fields.addAll(columns);
    this.schema = new Schema(fields);
    this.lister = lister;
  }

  static Field text(String name, boolean nullable) {
    return new Field(name, new FieldType(nullable, ArrowType.Utf8.INSTANCE, null), List.of());
  }

  static Field count(String name, boolean nullable) {
    return new Field(name, new FieldType(nullable, new ArrowType.Int(64, true), null), List.of());
  }

  static Field time(String name, boolean nullable) {
    ArrowType type = new ArrowType.Timestamp(TimeUnit.MILLISECOND, null);
    return new Field(name, new FieldType(nullable, type, null), List.of());
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    return ArrowTypes.toRowType(typeFactory, schema);
  }

  @Override
  public org.apache.calcite.schema.Schema.TableType getJdbcTableType() {
    return org.apache.calcite.schema.Schema.TableType.SYSTEM_TABLE;
  }

  @Override
  public Schema arrowSchema() {
    return schema;
  }

  @Override
  public double estimateRowCount() {
    return 1000;
  }

  @Override
  public PushDown pushDown(List<RexNode> conjuncts, RexBuilder rexBuilder) {
    List<RexNode> accepted = new ArrayList<>();
    List<RexNode> remainder = new ArrayList<>();
    for (RexNode conjunct : conjuncts) {
      boolean names = IntStream.range(0, KEYS).anyMatch(i -> equal(conjunct, i) != null);
      (names ? accepted : remainder).add(conjunct);
    }
    return new PushDown(accepted, remainder);
  }

  /** The text that a conjunct says a column equals, or null if it says something else. */
  private static @Nullable String equal(RexNode conjunct, int column) {
    return conjunct instanceof RexCall call
            && call.getKind() == SqlKind.EQUALS
            && call.getOperands().get(0) instanceof RexInputRef ref
            && ref.getIndex() == column
            && call.getOperands().get(1) instanceof RexLiteral literal
        ? literal.getValueAs(String.class)
        : null;
  }

  @Override
  public BatchReader scan(ScanRequest request, ExecutionContext context) {
    List<Field> fields = new ArrayList<>();
    for (int column : request.columns()) {
      fields.add(schema.getFields().get(column));
    }
    List<Object> rows = new ArrayList<>(rows(request));
    return new RowBatches(
        Linq4j.enumerator(rows),
        new Schema(fields),
        false,
        context.allocator(),
        context.batchSize());
  }

  private List<@Nullable Object[]> rows(ScanRequest request) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    SchemaPlus root = session.createRootSchema().plus();
    session.attached().forEach(attachment -> root.add(attachment.name(), attachment.schema()));
    for (String schemaName : names(request, 0, root.subSchemas().getNames(LikePattern.any()))) {
      SchemaPlus entry = root.subSchemas().get(schemaName);
      if (entry == null) {
        continue;
      }
      for (String name : names(request, 1, entry.tables().getNames(LikePattern.any()))) {
        if (entry.tables().get(name) instanceof LanceTable table) {
          add(rows, schemaName, name, table, request);
        }
      }
    }
    return rows;
  }

  /** Those of the names that the filter lets pass, in order. */
  private static List<String> names(ScanRequest request, int column, Iterable<String> all) {
    TreeSet<String> names = new TreeSet<>();
    all.forEach(names::add);
    for (RexNode conjunct : request.filter()) {
      String wanted = equal(conjunct, column);
      if (wanted != null) {
        names.removeIf(name -> !name.equals(wanted));
      }
    }
    return List.copyOf(names);
  }

  private void add(
      List<@Nullable Object[]> rows,
      String schemaName,
      String name,
      LanceTable table,
      ScanRequest request) {
    List<String> columns =
        IntStream.of(request.columns()).mapToObj(i -> schema.getFields().get(i).getName()).toList();
    List<@Nullable Object[]> listed;
    try {
      listed = lister.rows(new LanceHistory(table), columns::contains);
    } catch (BindSqlException damaged) {
      if (request.filter().stream().anyMatch(conjunct -> equal(conjunct, 1) != null)) {
        throw damaged;
      }
      return; // The others are still listed.
    }
    for (@Nullable Object[] row : listed) {
      @Nullable Object[] projected = new @Nullable Object[request.columns().length];
      for (int i = 0; i < projected.length; i++) {
        int column = request.columns()[i];
        projected[i] = column == 0 ? schemaName : column == 1 ? name : row[column - KEYS];
      }
      rows.add(projected);
    }
  }
}
