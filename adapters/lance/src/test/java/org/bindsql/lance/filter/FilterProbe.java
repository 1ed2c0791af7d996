package org.bindsql.lance.filter;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.bindsql.lance.Lance;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.table.PushDown;
import org.bindsql.table.ScanRequest;

/** Program of {@link HostileFilterTest}: offers and runs filters of up to 100,000 terms. */
final class FilterProbe {
  private final RexBuilder rex = new RexBuilder(new JavaTypeFactoryImpl());
  private final LanceTable table;
  private final RexNode id;
  private final RexNode text;

  private FilterProbe(LanceTable table) {
    this.table = table;
    RelDataType row = table.getRowType(rex.getTypeFactory());
    this.id = rex.makeInputRef(row.getFieldList().get(0).getType(), 0);
    this.text = rex.makeInputRef(row.getFieldList().get(1).getType(), 1);
  }

  public static void main(String[] arguments) {
    try (Lance lance = new Lance(Path.of(arguments[0]))) {
      lance.writeNumbers("t", Mode.CREATE, 0, 1000);
      FilterProbe probe = new FilterProbe(lance.table("t"));
      for (int terms : new int[] {10, 100, 199, 200, 201, 300, 1000, 10_000, 100_000}) {
        for (RexNode filter : probe.filters(terms)) {
          PushDown pushDown = probe.table.pushDown(List.of(filter), probe.rex);
          ScanRequest request = new ScanRequest(new int[] {0}, pushDown.accepted(), -1);
          probe.table.count(request, lance.context());
        }
      }
      System.out.println("all filters survived");
    }
  }

  private List<RexNode> filters(int terms) {
    List<RexNode> equal = new ArrayList<>();
    List<RexNode> greater = new ArrayList<>();
    List<RexNode> like = new ArrayList<>();
    List<RexNode> values = new ArrayList<>();
    RexNode not = compare(SqlStdOperatorTable.EQUALS, 5);
    RexNode sum = id;
    for (int i = 0; i < terms; i++) {
      equal.add(compare(SqlStdOperatorTable.EQUALS, i));
      greater.add(compare(SqlStdOperatorTable.GREATER_THAN, i));
      like.add(rex.makeCall(SqlStdOperatorTable.LIKE, text, rex.makeLiteral("s" + i + "%")));
      values.add(number(i));
      if (i < 1000) { // Calcite itself walks deep trees by recursion
        not = rex.makeCall(SqlStdOperatorTable.NOT, not);
        sum = rex.makeCall(SqlStdOperatorTable.PLUS, sum, number(1));
      }
    }
    return List.of(
        rex.makeCall(SqlStdOperatorTable.OR, equal),
        rex.makeCall(SqlStdOperatorTable.OR, greater),
        rex.makeCall(SqlStdOperatorTable.AND, greater),
        rex.makeCall(SqlStdOperatorTable.OR, like),
        rex.makeIn(id, values),
        rex.makeCall(SqlStdOperatorTable.NOT, rex.makeIn(id, values)),
        rex.makeCall(SqlStdOperatorTable.GREATER_THAN, sum, number(7)),
        not);
  }

  private RexNode number(long value) {
    return rex.makeExactLiteral(BigDecimal.valueOf(value), id.getType());
  }

  private RexNode compare(SqlOperator operator, long value) {
    return rex.makeCall(operator, id, number(value));
  }
}
