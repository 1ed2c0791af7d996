package org.bindsql.bindspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.calcite.plan.RelOptPredicateList;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSimplify;
import org.apache.calcite.rex.RexUtil;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.rules.BindRules;
import org.bindsql.table.BatchTable;
import org.bindsql.table.PushDown;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Predicates that a table accepts choose the rows that Calcite chooses. */
class PushDownTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);

  private final RootAllocator allocator = new RootAllocator();
  private final BindSpace space = new BindSpace(allocator, () -> 99);
  private final Sql reference =
      new Sql(space, BindRules.REFERENCE, ExecutionContext.DEFAULT_BATCH_SIZE);

  @BeforeEach
  void fill() {
    Random random = new Random(SEED);
    space.batch(w -> {
      for (int i = 0; i < 500; i++) {
        int addr = 0x0C00 + random.nextInt(0x10000 - 0x0C00);
        w.writeAt(i % 2 == 0 ? addr : 0x8000 + random.nextInt(400), Codes.filled(i));
      }
      w.writeAt(32800, Codes.filled(1));
      for (int i = 0; i < 30; i++) {
        w.writeDnPath("a:b" + i % 5 + ":c" + i, Codes.filled(i), 0);
        w.link(w.find("a"), Verb.values()[i % 9].address(), w.find("a:b" + i % 5), i);
      }
    });
  }

  @AfterEach
  void close() {
    space.close();
    allocator.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zone = 'node'",
        "zone <> 'fluid'",
        "zone in ('fluid', 'surface')",
        "zone not in ('fluid', 'surface')",
        "'node' = zone and addr > 60000",
        "zone = 'nothing'",
        "addr = 32800",
        "addr <> 32800",
        "addr between 32700 and 33000",
        "addr in (1792, 1793, 32770, 32775, 70000)",
        "addr not in (1792, 1793)",
        "addr < 1800.5",
        "addr >= -5",
        "addr > 10000000000",
        "33000 > addr",
        "not (addr > 33000 or addr < 32000)",
        "addr = 32770 or zone = 'surface'",
        "not (addr = 32800 and zone = 'node')",
        "dn_path = 'a:b1'",
        "dn_path = 'bindspace://a:b1'",
        "dn_path = 'a:b1' or addr < 1795"
      })
  void acceptedPredicatesAreExact(String where) {
    check("all", where, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "source > 40000",
        "source > 40000 and target < 50000",
        "verb in (1792, 1795)",
        "target < 40000 or target > 60000",
        "source <> 5 and verb = 1824"
      })
  void acceptedPredicatesOnEdgesAreExact(String where) {
    check("edges", where, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "addr < 40000 and label = 'a'",
        "label = 'a' or addr < 40000",
        "addr + 1 > 1800",
        "zone like 'n%'",
        "zone > 'g'",
        "dn_path <> 'a:b1'",
        "not (dn_path = 'a:b1')",
        "addr = parent_addr",
        "parent_addr = 33000"
      })
  void otherPredicatesStayAbove(String where) {
    check("all", where, false);
  }

  @Test
  void predicatesAcrossColumnsOfEdgesStayAbove() {
    check("edges", "source = target", false);
    check("edges", "source < 40000 or target < 40000", false);
  }

  private void check(String table, String where, boolean accepted) {
    String select = "select * from \"" + table + "\" where " + where;
    Filter filter = (Filter) reference.convert(select).getInput(0);
    RexBuilder rexBuilder = filter.getCluster().getRexBuilder();
    RexNode simplified =
        new RexSimplify(rexBuilder, RelOptPredicateList.EMPTY, RexUtil.EXECUTOR)
            .simplify(filter.getCondition());
    BatchTable source = filter.getInput().getTable().unwrapOrThrow(BatchTable.class);
    List<Object> expected = new ArrayList<>();
    for (List<@Nullable Object> row : reference.rows(select)) {
      expected.add(
          String.valueOf(row.get(0)) + (table.equals("edges") ? row.get(1) + "" + row.get(2) : ""));
    }
    for (RexNode form : List.of(filter.getCondition(), simplified)) {
      PushDown split = source.pushDown(RelOptUtil.conjunctions(form), rexBuilder);
      assertEquals(accepted, split.remainder().isEmpty(), where + " as " + form);
      for (int batchSize : new int[] {1, 3, 4096}) {
        List<Object> found = scan(source, table.equals("edges"), split.accepted(), batchSize);
        assertTrue(found.containsAll(expected), where + " as " + form + " loses rows");
        if (accepted) {
          assertEquals(expected, found, where + " as " + form);
          assertEquals(
              expected.size(),
              source.count(
                  new ScanRequest(new int[0], split.accepted(), -1), context(allocator, 1)));
        }
      }
    }
  }

  private List<Object> scan(BatchTable table, boolean edges, List<RexNode> filter, int batchSize) {
    List<Object> keys = new ArrayList<>();
    int[] columns = edges ? new int[] {0, 1, 2} : new int[] {0};
    try (var memory = allocator.newChildAllocator("scan", 0, Long.MAX_VALUE);
        BatchReader reader =
            table.scan(new ScanRequest(columns, filter, -1), context(memory, batchSize))) {
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        assertTrue(batch.rowCount() <= batchSize);
        for (int i = 0; i < batch.selection().count(); i++) {
          StringBuilder key = new StringBuilder();
          for (int column = 0; column < columns.length; column++) {
            key.append(((IntVector) batch.column(column)).get(batch.selection().position(i)));
          }
          keys.add(key.toString());
        }
      }
    }
    return keys;
  }

  private static ExecutionContext context(BufferAllocator memory, int batchSize) {
    return new ExecutionContext(memory, name -> null, new AtomicBoolean(), batchSize, 2, null);
  }
}
