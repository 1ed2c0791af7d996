package org.bindsql.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.Profile;
import org.bindsql.rel.ArrowRel;
import org.bindsql.table.ListTable;
import org.bindsql.table.PushDownTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rule fires on what, and which leaves it alone. */
class PlansTest {
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.notNullable("id", new ArrowType.Int(32, true)),
              Field.nullable("i", new ArrowType.Int(32, true)),
              Field.nullable("s", ArrowType.Utf8.INSTANCE),
              Field.nullable("money", new ArrowType.Decimal(10, 2, 128)),
              new Field(
                  "span", FieldType.nullable(new ArrowType.Duration(TimeUnit.SECOND)), null)));

  private final Sql sql =
      new Sql(BindRules.ALL)
          .with("t", new ListTable(SCHEMA, rows(10)))
          .with("p", new PushDownTable(new Schema(SCHEMA.getFields().subList(0, 4)), rows(10)));

  private static List<@Nullable Object[]> rows(int count) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new @Nullable Object[] {i, i % 4 == 0 ? null : i % 4, "s" + i, i, null});
    }
    return rows;
  }

  @Test
  void filterProjectAndTopKRunInBatches() {
    assertEquals(
        """
        ArrowToEnumerable
          ArrowTopK(sort0=[$1], sort1=[$0], dir0=[DESC], dir1=[ASC], fetch=[3])
            ArrowProject(id=[$0], EXPR$1=[+($1, 1)])
              ArrowFilter(condition=[LIKE($2, 's%')])
                ArrowTableScan(table=[[t]], columns=[[id, i, s]])
        """,
        sql.explain("select id, i + 1 from t where s like 's%' order by 2 desc, id limit 3"));
  }

  @Test
  void whatHasNoBatchFormStaysEnumerable() {
    assertTrue(sql.explain("select upper(s) from t").startsWith("EnumerableCalc"));
    assertTrue(sql.explain("select id from t where money > 1").contains("EnumerableCalc"));
    String distinct = sql.explain("select i, count(distinct s), sum(id) from t group by i");
    assertTrue(distinct.contains("Enumerable"), distinct);
    assertFalse(sql.explain("select id from t order by id").contains("ArrowTopK"));
    assertTrue(sql.explain("select money from t order by money limit 2").contains("Enumerable"));
    assertFalse(sql.explain("select sum(money) from t").contains("ArrowAggregate"));
  }

  @Test
  void aggregateRunsInBatches() {
    assertEquals(
        """
        ArrowToEnumerable
          ArrowAggregate(group=[{0}], EXPR$1=[COUNT()], EXPR$2=[$SUM0($1)])
            ArrowTableScan(table=[[t]], columns=[[i, id]])
        """,
        sql.explain("select i, count(*), sum(id) from t group by i"));
  }

  @Test
  void columnsArePushedIntoTheScanEvenUnderRowExpressions() {
    assertTrue(sql.explain("select upper(s) from t").contains("columns=[[s]]"));
    assertTrue(sql.explain("select i, id from t").endsWith("columns=[[i, id]])\n"));
    assertTrue(sql.explain("select id as a, id as b from t").contains("columns=[[id]]"));
  }

  @Test
  void acceptedConjunctsArePushedAndTheRemainderStays() {
    assertEquals(
        """
        ArrowToEnumerable
          ArrowProject(id=[$0])
            ArrowFilter(condition=[LIKE($1, 's%')])
              ArrowTableScan(table=[[p]], columns=[[id, s]], filter=[[>($1, 2)]])
        """,
        sql.explain("select id from p where i > 2 and s like 's%'"));
    assertEquals(List.of(List.of(3), List.of(7)), sql.rows("select id from p where i > 2"));
    assertEquals(
        List.of(List.of("s3"), List.of("s7")),
        sql.rows("select s from p where i > 2 and s like 's%'"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 1000})
  void conjunctsArePushedHoweverFewRowsThereAre(int count) {
    Schema schema = new Schema(SCHEMA.getFields().subList(0, 4));
    String plan =
        new Sql(BindRules.ALL)
            .with("few", new PushDownTable(schema, rows(count)))
            .explain("select * from few where i > 2 and s like 's%'");
    assertTrue(plan.contains("ArrowFilter(condition=[LIKE($2, 's%')])"), plan);
    assertTrue(plan.contains("filter=[[>($1, 2)]]"), plan);
  }

  @Test
  void limitIsPushedOnlyWithoutOrderAndNotBelowAFilterItDoesNotTake() {
    assertTrue(sql.explain("select id from p limit 3 offset 1").contains("limit=[4]"));
    assertTrue(sql.explain("select id from p where i > 2 limit 1").contains("limit=[1]"));
    assertFalse(sql.explain("select id from p where s like 's%' limit 1").contains("limit=["));
    assertFalse(sql.explain("select id from p order by i limit 1").contains("limit=["));
    assertFalse(sql.explain("select id from t limit 1").contains("limit=["));
    String filterAbove = sql.explain("select * from (select id, i from p limit 5) where i > 2");
    assertFalse(filterAbove.contains("filter=["), filterAbove);
    assertEquals(List.of(List.of(1), List.of(2)), sql.rows("select id from p limit 2 offset 1"));
  }

  @Test
  void countIsAskedOfATableThatKnows() {
    assertEquals(
        "ArrowToEnumerable\n  ArrowCount(table=[[p]], filter=[[>($1, 2)]])\n",
        sql.explain("select count(*) from p where i > 2"));
    assertEquals(List.of(List.of(2L)), sql.rows("select count(*) from p where i > 2"));
    assertFalse(sql.explain("select count(*) from t").contains("ArrowCount"));
    assertFalse(sql.explain("select count(i) from p").contains("ArrowCount"));
    assertFalse(sql.explain("select i, count(*) from p group by i").contains("ArrowCount"));
    assertEquals(List.of(List.of(3L)), sql.rows("select count(*) from (select 1 from p limit 3)"));
  }

  @ParameterizedTest
  @ValueSource(classes = {Integer.class, Long.class, Short.class})
  void limitTakesAnyWholeNumber(Class<?> type) {
    Number two = type == Long.class ? (Number) 2L : type == Short.class ? (short) 2 : 2;
    assertEquals(
        List.of(List.of(2), List.of(3)), sql.rows("select id from t limit ? offset ?", two, two));
    assertEquals(
        List.of(List.of(7), List.of(6)),
        sql.rows("select id from t order by id desc limit ? offset ?", two, two));
  }

  @ParameterizedTest
  @CsvSource({"select id from t limit ?", "select id from t order by id limit ?"})
  void negativeOrNullLimitIsRefused(String query) {
    BindSqlException negative = assertThrows(BindSqlException.class, () -> sql.rows(query, -1));
    assertEquals(ErrorCode.BAD_ARGUMENT, negative.code());
    assertEquals("LIMIT: -1 given, expected 0 or more", negative.getMessage());
    assertThrows(BindSqlException.class, () -> sql.rows(query, (Object) null));
  }

  @Test
  void unreadableColumnFailsAloneAndByName() {
    assertEquals(10, sql.rows("select id from t").size());
    BindSqlException failure =
        assertThrows(BindSqlException.class, () -> sql.rows("select span from t"));
    assertEquals(ErrorCode.NOT_SUPPORTED, failure.code());
    assertTrue(failure.toString().contains("column span"), failure.toString());
  }

  @Test
  void parametersAreBoundAtEachRun() {
    assertEquals(List.of(List.of(2)), sql.rows("select id from t where s = ? and id > ?", "s2", 1));
    assertEquals(List.of(), sql.rows("select id from t where s = ?", (Object) null));
  }

  @Test
  void operatorsReportToTheProfile() {
    Profile profile = new Profile();
    var plan = sql.withProfile(profile).optimize("select id from t where i > 2");
    sql.run(plan, Integer.MAX_VALUE);
    ArrowRel root = (ArrowRel) plan.getInput(0);
    assertEquals(2L, profile.of(root.getId()).get("rows"));
  }

  @Test
  void literalsComeInBatches() {
    String query = "select x, y from (values (1, 'a'), (null, 'bc'), (3, null)) as v(x, y)";
    assertTrue(sql.explain(query).contains("ArrowValues"), sql.explain(query));
    assertEquals(3, sql.rows(query).size());
    assertTrue(sql.rows(query).contains(java.util.Arrays.asList(null, "bc")));
  }

  @Test
  void rulesLeaveAloneWhatBatchesDoNotHold() {
    String query = "select * from (values (interval '1' day), (interval '2' day)) as v(x) limit 1";
    assertFalse(sql.explain(query).contains("Arrow"));
  }
}
