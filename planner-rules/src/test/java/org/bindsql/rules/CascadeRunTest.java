package org.bindsql.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.tools.Frameworks;
import org.apache.calcite.tools.RelBuilder;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.functions.Functions;
import org.bindsql.rel.HdrCascadeTopK;
import org.bindsql.table.CodeReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs of a search: arguments, errors, counters, and what it leaves behind. */
class CascadeRunTest {
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.notNullable("id", new ArrowType.Int(32, true)),
              Field.nullable("tag", new ArrowType.Int(32, true)),
              Field.nullable("fp", new ArrowType.FixedSizeBinary(2048))));
  private static final byte[] ZERO = new byte[2048];

  private final CodeTable table = new CodeTable(SCHEMA, rows(100), 10, 4);
  private final Sql sql =
      new Sql(
              BindRules.ALL,
              SqlOperatorTables.chain(SqlStdOperatorTable.instance(), Functions.operatorTable()))
          .with("t", table);

  /** Row i is i bits away from ZERO; rows 50 to 59 have no fingerprint. */
  private static List<@Nullable Object[]> rows(int count) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] code = new byte[2048];
      for (int bit = 0; bit < i; bit++) {
        code[bit] = 1;
      }
      rows.add(new @Nullable Object[] {i, i % 4, i / 10 == 5 ? null : code});
    }
    return rows;
  }

  @AfterEach
  void everythingIsClosed() {
    assertEquals(0, table.open.get());
  }

  private List<Object> ids(String query, @Nullable Object... parameters) {
    List<Object> ids = new ArrayList<>();
    sql.rows(query, parameters).forEach(row -> ids.add(row.get(0)));
    return ids;
  }

  @Test
  void queryMayBeBytesByteStringOrAnExpression() {
    String query = "SELECT id FROM t ORDER BY hamming_distance(fp, ?) LIMIT 3";
    assertEquals(List.of(0, 1, 2), ids(query, (Object) ZERO));
    assertEquals(List.of(0, 1, 2), ids(query, new ByteString(ZERO)));
    assertEquals(
        List.of(99, 98, 97),
        ids(
            "SELECT id FROM t ORDER BY hamming_distance(xor_bind(?, ?), fp) LIMIT 3",
            new ByteString((byte[]) Objects.requireNonNull(rows(100).get(99)[2])),
            new ByteString(ZERO)));
    assertEquals(
        2,
        ids("SELECT id FROM t ORDER BY hamming(fp, text_fingerprint(?)) LIMIT 2", "zero").size());
  }

  @Test
  void nullQueryReturnsRowsByKey() {
    String query = "SELECT id, hamming(fp, ?) FROM t ORDER BY 2 LIMIT 2 OFFSET 3";
    assertEquals(
        List.of(Arrays.asList(3, null), Arrays.asList(4, null)),
        sql.rows(query, new @Nullable Object[] {null}));
  }

  @Test
  void limitAndOffsetOfEveryIntegerTypeAndBeyondTheRows() {
    String query = "SELECT id FROM t WHERE tag = 1 ORDER BY hamming(fp, ?) LIMIT ? OFFSET ?";
    assertEquals(List.of(5, 9), ids(query, ZERO, 2L, (short) 1));
    assertEquals(List.of(5, 9), ids(query, ZERO, java.math.BigDecimal.valueOf(2), 1));
    assertEquals(List.of(), ids(query, ZERO, 0, 1));
    assertEquals(List.of(), ids(query, ZERO, 10, 1000L));
    assertEquals(24, ids(query, ZERO, Long.MAX_VALUE, 1).size());
  }

  @Test
  void limitZeroReadsNothing() {
    Profile profile = new Profile();
    assertEquals(
        List.of(),
        sql.withProfile(profile).rows("SELECT id FROM t ORDER BY hamming(fp, ?) LIMIT 0", ZERO));
    assertEquals(List.of(), table.fetched);
  }

  @Test
  void argumentsOutsideTheDomainAreRefused() {
    assertRefused(
        "hamming_distance: codes differ in length: 32 and 2048 bytes",
        "SELECT id FROM t ORDER BY hamming_distance(?, fp) LIMIT 3",
        (Object) new byte[32]);
    assertRefused(
        "hamming: codes differ in length: 2048 and 1 bytes",
        "SELECT id FROM t WHERE hamming(fp, ?) < 3",
        (Object) new byte[1]);
    assertRefused(
        "semantic_distance: fingerprint has 32 bytes, expected 2048",
        "SELECT id FROM t ORDER BY semantic_distance(fp, ?) LIMIT 3",
        (Object) new byte[32]);
    assertRefused(
        "LIMIT is -1; expected 0 or more",
        "SELECT id FROM t ORDER BY hamming(fp, ?) LIMIT ?",
        ZERO,
        -1);
    assertRefused(
        "OFFSET is -2; expected 0 or more",
        "SELECT id FROM t ORDER BY hamming(fp, ?) LIMIT 3 OFFSET ?",
        ZERO,
        -2);
  }

  private void assertRefused(String message, String query, @Nullable Object... parameters) {
    BindSqlException e = assertThrows(BindSqlException.class, () -> sql.rows(query, parameters));
    assertEquals(message, e.getMessage());
    assertEquals(ErrorCode.BAD_ARGUMENT, e.code());
  }

  @Test
  void remainderMayReadTheFingerprintItself() {
    assertEquals(
        List.of(20, 21),
        ids(
            "SELECT id FROM t WHERE popcount(fp) >= 20 AND id < 90 ORDER BY hamming(fp, ?) LIMIT 2",
            (Object) ZERO));
    assertEquals(
        List.of(List.of(3, 1 - 3 / 16_384.0, 3)),
        sql.rows(
            "SELECT id, 1 - d / 16384e0, d FROM (SELECT id, hamming(fp, ?) AS d FROM t)"
                + " WHERE d > 2 AND d <= 3.5 ORDER BY d LIMIT 5",
            (Object) ZERO));
  }

  @Test
  void countersAreReported() {
    Profile profile = new Profile();
    Sql profiled = sql.withProfile(profile);
    var plan =
        profiled.optimize(
            "SELECT id FROM t WHERE tag = 1 AND id < 60 ORDER BY hamming(fp, ?) LIMIT 2");
    profiled.run(plan, 10, (Object) ZERO);
    RelNode search = plan;
    while (!(search instanceof HdrCascadeTopK)) {
      search = search.getInput(0);
    }
    Map<String, Long> counters = profile.of(search.getId());
    assertEquals(25L, counters.get("candidates")); // tag = 1 is the source's
    assertEquals(10L, counters.get("rejected by predicate"));
    assertEquals(2L, counters.get("null fingerprints")); // 53, 57
    assertEquals(13L, counters.get("exact"));
    assertTrue(counters.getOrDefault("bytes read by exact", 0L) >= 13L * 2048, counters.toString());
  }

  @Test
  void firstFailureEndsAllThreadsAndClosesAllPartitions() {
    IllegalStateException failure = new IllegalStateException("broken block");
    CodeTable broken =
        new CodeTable(SCHEMA, rows(100), 10, 4) {
          @Override
          void beforeBlock(int firstRow) {
            if (firstRow >= 44) {
              throw failure;
            }
          }
        };
    Sql brokenSql =
        new Sql(
                BindRules.ALL,
                SqlOperatorTables.chain(SqlStdOperatorTable.instance(), Functions.operatorTable()))
            .with("t", broken);
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class,
            () -> brokenSql.rows("SELECT id FROM t ORDER BY hamming(fp, ?) LIMIT 3", ZERO)));
    assertEquals(0, broken.open.get());
  }

  @Test
  void cancelEndsTheSearch() {
    CodeTable cancelling =
        new CodeTable(SCHEMA, rows(100), 100, 4) {
          @Override
          public CodeReader openCodes(
              int column,
              int[] columns,
              List<org.apache.calcite.rex.RexNode> filter,
              ExecutionContext context) {
            context.cancelled().set(true);
            return super.openCodes(column, columns, filter, context);
          }
        };
    Sql cancelled =
        new Sql(
                BindRules.ALL,
                SqlOperatorTables.chain(SqlStdOperatorTable.instance(), Functions.operatorTable()))
            .with("t", cancelling);
    BindSqlException e =
        assertThrows(
            BindSqlException.class,
            () -> cancelled.rows("SELECT id FROM t ORDER BY hamming(fp, ?) LIMIT 3", ZERO));
    assertEquals(ErrorCode.CANCELLED, e.code());
    assertEquals(0, cancelling.open.get());
  }

  @Test
  void rulesWorkInAHepPlanner() {
    SchemaPlus root = Frameworks.createRootSchema(true);
    root.add("t", table);
    RelBuilder b = RelBuilder.create(Frameworks.newConfigBuilder().defaultSchema(root).build());
    RelNode logical =
        b.scan("t")
            .filter(b.equals(b.field("tag"), b.literal(1)))
            .project(
                b.field("id"),
                b.alias(
                    b.call(
                        Functions.HAMMING_DISTANCE,
                        b.field("fp"),
                        b.getRexBuilder().makeBinaryLiteral(new ByteString(ZERO))),
                    "d"))
            .sortLimit(0, 5, b.field("d"))
            .build();
    HepProgramBuilder program = new HepProgramBuilder();
    BindRules.CASCADE.forEach(program::addRuleInstance);
    HepPlanner planner = new HepPlanner(program.build());
    planner.setRoot(logical);
    String plan = RelOptUtil.toString(planner.findBestExp());
    assertTrue(plan.startsWith("HdrCascadeTopK(table=[[t]], column=[fp], mask=[ALL], k=[5]"), plan);
    assertTrue(plan.contains("query=[X'0000000000000000..."), plan);
    assertFalse(plan.contains("Sort"), plan);
  }
}
