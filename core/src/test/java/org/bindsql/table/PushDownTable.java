package org.bindsql.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.FilterReader;
import org.bindsql.exec.LimitReader;
import org.bindsql.exec.ProjectReader;
import org.bindsql.expr.VectorExpr;
import org.bindsql.rel.RexCompiler;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** A {@link ListTable} that takes comparisons, limits and counts, for tests. */
public final class PushDownTable extends ListTable {
  private final JavaTypeFactoryImpl types = new JavaTypeFactoryImpl();
  private final RexBuilder rexBuilder = new RexBuilder(types);

  /** Creates a table. */
  public PushDownTable(Schema schema, List<@Nullable Object[]> rows) {
    super(schema, rows);
  }

  @Override
  public PushDown pushDown(List<RexNode> conjuncts, RexBuilder builder) {
    List<RexNode> accepted = new ArrayList<>();
    List<RexNode> remainder = new ArrayList<>();
    for (RexNode conjunct : conjuncts) {
      (SqlKind.COMPARISON.contains(conjunct.getKind()) ? accepted : remainder).add(conjunct);
    }
    return new PushDown(accepted, remainder);
  }

  @Override
  public boolean canLimit() {
    return true;
  }

  @Override
  public boolean canCount(List<RexNode> filter) {
    return true;
  }

  @Override
  public long count(ScanRequest request, ExecutionContext context) {
    long rows = 0;
    try (BatchReader reader = scan(request, context)) {
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        rows += batch.selection().count();
      }
    }
    return rows;
  }

  @Override
  public BatchReader scan(ScanRequest request, ExecutionContext context) {
    int[] all = new int[arrowSchema().getFields().size()];
    List<VectorExpr> wanted = new ArrayList<>();
    RelDataType rowType = ArrowTypes.toRowType(types, arrowSchema());
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    for (int column : request.columns()) {
      RelDataType type = rowType.getFieldList().get(column).getType();
      RexNode ref = rexBuilder.makeInputRef(type, column);
      wanted.add(RexCompiler.compileProjection(ref, rexBuilder).orElseThrow());
    }
    BatchReader filtered =
        new FilterReader(
            super.scan(ScanRequest.of(all), context),
            RexCompiler.predicate(request.filter(), rowType, rexBuilder),
            context);
    return new LimitReader(
        new ProjectReader(filtered, wanted, context),
        0,
        request.limit() < 0 ? Long.MAX_VALUE : request.limit());
  }
}
