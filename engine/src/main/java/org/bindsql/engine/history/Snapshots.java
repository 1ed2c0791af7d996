package org.bindsql.engine.history;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.VersionTable;

/**
 * Tables as of a time that is known when a statement runs, as tables: {@code FOR SYSTEM_TIME AS OF
 * ?}. Where the time is a literal, the parser has made a table of it already.
 */
public final class Snapshots {
  private Snapshots() {}

  /** The plan with a scan of the table's past in place of every snapshot of a scan. */
  public static RelNode toScans(RelNode plan) {
    return plan.accept(new Shuttle());
  }

  private static final class Shuttle extends RelHomogeneousShuttle {
    private final RexShuttle expressions =
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            RexSubQuery visited = (RexSubQuery) super.visitSubQuery(query);
            return visited.clone(toScans(visited.rel));
          }
        };

    @Override
    public RelNode visit(RelNode other) {
      RelNode visited = super.visit(other).accept(expressions);
      return visited instanceof Snapshot snapshot
          ? snapshot.getInput().accept(new Past(snapshot))
          : visited;
    }
  }

  /** Below a snapshot there is a table, perhaps without the columns that nobody reads. */
  private static final class Past extends RelHomogeneousShuttle {
    private final RexNode time;
    private final RexBuilder rexBuilder;

    Past(Snapshot snapshot) {
      this.time = snapshot.getPeriod();
      this.rexBuilder = snapshot.getCluster().getRexBuilder();
    }

    @Override
    public RelNode visit(TableScan scan) {
      RelOptTable table = scan.getTable();
      LanceTable current = table.unwrap(LanceTable.class);
      if (current == null) {
        throw new BindSqlException(
            ErrorCode.NOT_SUPPORTED, "FOR SYSTEM_TIME AS OF is for tables that keep versions");
      }
      List<String> name = new ArrayList<>(table.getQualifiedName());
      name.set(name.size() - 1, name.getLast() + ":@" + time);
      VersionTable past = current.asOf(time, rexBuilder);
      return LogicalTableScan.create(
          scan.getCluster(),
          RelOptTableImpl.create(
              table.getRelOptSchema(), table.getRowType(), name, past, c -> null),
          List.of());
    }
  }
}
