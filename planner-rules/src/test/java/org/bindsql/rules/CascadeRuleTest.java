package org.bindsql.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.bindsql.functions.Functions;
import org.bindsql.table.ListTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of nearest-fingerprint queries: where the cascade rules fire and where they must not. */
class CascadeRuleTest {
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.notNullable("id", new ArrowType.Int(32, true)),
              Field.nullable("tag", new ArrowType.Int(32, true)),
              Field.nullable("name", ArrowType.Utf8.INSTANCE),
              Field.nullable("fp", new ArrowType.FixedSizeBinary(2048)),
              Field.nullable("small", new ArrowType.FixedSizeBinary(8)),
              Field.nullable("loose", ArrowType.Binary.INSTANCE)));

  private static final CodeTable TABLE = new CodeTable(SCHEMA, rows(), 100, 30);

  private static List<@Nullable Object[]> rows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] fp = new byte[2048];
      byte[] small = new byte[8];
      fp[i] = (byte) 0xFF;
      fp[1700] = (byte) (i % 5);
      small[i % 8] = (byte) i;
      rows.add(
          new @Nullable Object[] {i, i % 3, "n" + i % 7, i % 11 == 0 ? null : fp, small, small});
    }
    return rows;
  }

  private static Sql sql() {
    return new Sql(
            BindRules.ALL,
            SqlOperatorTables.chain(SqlStdOperatorTable.instance(), Functions.operatorTable()))
        .with("t", TABLE)
        .with("plain", new ListTable(SCHEMA, rows()));
  }

  private static String plan(String query) {
    return sql().explain(query);
  }

  @Test
  void topKShowsWhatItDoes() {
    assertEquals(
        """
        ArrowToEnumerable
          HdrCascadeTopK(table=[[t]], column=[fp], mask=[ALL], k=[15], offset=[5], filter=[=($1, 2)], \
        remainder=[LIKE($2, 'n%')], order=[filter first], recall=[1.0], distance=[hamming_distance], query=[?0], columns=[[id]])
        """,
        plan(
            "SELECT id, hamming_distance(fp, ?) AS d FROM t WHERE tag = 2 AND name LIKE 'n%'"
                + " ORDER BY d LIMIT 10 OFFSET 5"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id FROM t ORDER BY hamming_distance(fp, ?) LIMIT 10",
        "SELECT id FROM t ORDER BY hamming_distance(?, fp) LIMIT 10",
        "SELECT id FROM t ORDER BY hamming(fp, ?) LIMIT ?",
        "SELECT id FROM t ORDER BY hamming(fp, ?) LIMIT ? OFFSET ?",
        "SELECT id FROM t ORDER BY hamming(fp, ?) NULLS FIRST LIMIT 3",
        "SELECT id FROM t ORDER BY semantic_distance(fp, ?) LIMIT 3",
        "SELECT id FROM t ORDER BY similarity(fp, ?) DESC LIMIT 3",
        "SELECT id FROM t ORDER BY similarity(fp, ?) DESC NULLS LAST LIMIT 3",
        "SELECT id FROM t ORDER BY vector_similarity(?, small) DESC LIMIT 3",
        "SELECT id FROM t ORDER BY hamming(small, X'0011223344556677') LIMIT 3",
        "SELECT id FROM t ORDER BY hamming(small, CAST(? AS BINARY(8))) LIMIT 3",
        "SELECT * FROM t ORDER BY hamming(fp, ?) LIMIT 3",
        "SELECT * FROM t ORDER BY hamming(fp, ?), id LIMIT 3",
        "SELECT id, hamming(fp, ?) AS d FROM t ORDER BY d LIMIT 3",
        "SELECT id, hamming(fp, ?) FROM t ORDER BY 2 LIMIT 3",
        "SELECT d, id, d + 1 FROM (SELECT hamming(fp, ?) AS d, id FROM t) ORDER BY d LIMIT 3",
        "SELECT * FROM (SELECT id, tag, fp AS code FROM t WHERE tag > 0) AS v WHERE id < 150"
            + " ORDER BY hamming(code, ?) LIMIT 3",
        "WITH v AS (SELECT id AS i, fp AS code FROM t) SELECT i FROM v ORDER BY hamming(code, ?)"
            + " LIMIT 3",
        "SELECT * FROM (SELECT id, hamming(fp, ?) AS d FROM t) WHERE d < 100 ORDER BY d LIMIT 3",
        "SELECT id FROM t WHERE hamming(small, ?) < 9 ORDER BY hamming(fp, ?) LIMIT 3",
        "SELECT id FROM t WHERE hamming_distance(small, X'0011223344556677') <= 8"
            + " ORDER BY hamming_distance(small, X'0011223344556677') LIMIT 10",
        "SELECT id FROM t WHERE hamming(small, X'0011223344556677') = 8"
            + " ORDER BY hamming(small, X'0011223344556677'), id LIMIT 10",
        "SELECT id FROM t WHERE similarity(small, X'0011223344556677') > 0.5"
            + " ORDER BY similarity(small, X'0011223344556677') DESC LIMIT 100",
        "SELECT count(*) FROM (SELECT id FROM t ORDER BY hamming(fp, ?) LIMIT 3)",
        "SELECT a.id, b.id FROM (SELECT id, tag FROM t ORDER BY hamming(fp, ?) LIMIT 3) a"
            + " JOIN plain b ON a.tag = b.tag",
        "(SELECT id FROM t ORDER BY hamming(fp, ?) LIMIT 3) UNION ALL"
            + " (SELECT id FROM t ORDER BY hamming(small, ?) LIMIT 4)",
      })
  void topKFires(String query) {
    String plan = plan(query);
    assertTrue(plan.contains("HdrCascadeTopK"), plan);
    assertFalse(
        plan.contains("Sort(") || plan.contains("LimitSort") || plan.contains("TopK(sort"), plan);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id FROM t ORDER BY hamming(fp, ?)", // no LIMIT
        "SELECT id FROM t ORDER BY hamming(fp, ?) OFFSET 3",
        "SELECT id FROM t LIMIT 3", // no distance
        "SELECT id FROM t ORDER BY hamming(fp, ?) DESC LIMIT 3", // farthest first
        "SELECT id FROM t ORDER BY similarity(fp, ?) LIMIT 3",
        "SELECT id FROM t ORDER BY hamming(small, small) LIMIT 3", // not a constant
        "SELECT id FROM t ORDER BY hamming(fp, ?) + tag LIMIT 3",
        "SELECT id FROM t ORDER BY hamming(fp, ?), name LIMIT 3", // ties not by row key
        "SELECT id FROM t ORDER BY hamming(fp, ?), id DESC LIMIT 3",
        "SELECT id FROM t ORDER BY id, hamming(fp, ?) LIMIT 3",
        "SELECT id FROM t ORDER BY hamming(fp, ?), id, name LIMIT 3",
        "SELECT id FROM t WHERE RAND() < 0.5 ORDER BY hamming(fp, ?) LIMIT 3", // not deterministic
        "SELECT tag, min(hamming(fp, ?)) AS d FROM t GROUP BY tag ORDER BY d LIMIT 3", // aggregate
        "SELECT DISTINCT tag, hamming(fp, ?) AS d FROM t ORDER BY d LIMIT 3",
        "SELECT a.id FROM t a JOIN t b ON a.id = b.tag ORDER BY hamming(a.fp, ?) LIMIT 3", // join
        "SELECT id, row_number() OVER (ORDER BY id) FROM t ORDER BY hamming(fp, ?) LIMIT 3", // window
        "SELECT id FROM plain ORDER BY hamming(fp, ?) LIMIT 3", // not a fingerprint table
        "SELECT id FROM t ORDER BY hamming(loose, ?) LIMIT 3", // width not fixed
        "SELECT id FROM t ORDER BY semantic_distance(small, ?) LIMIT 3", // not a record
        "SELECT id FROM (SELECT * FROM t LIMIT 50) ORDER BY hamming(fp, ?) LIMIT 3", // limit first
        "SELECT id, (SELECT max(b.id) FROM plain b WHERE hamming(b.small, t.small) < 3) FROM t"
            + " LIMIT 3", // correlated
      })
  void topKDoesNotFire(String query) {
    String plan = plan(query);
    assertFalse(plan.contains("HdrCascade"), plan);
  }

  @Test
  void rangeShowsWhatItDoes() {
    assertEquals(
        """
        ArrowToEnumerable
          HdrCascadeRange(table=[[t]], column=[fp], mask=[ALL], radius=[[distance <= ?1]], filter=[=($1, 2)], \
        remainder=[>($0, 5)], order=[filter first], recall=[1.0], distance=[hamming_distance], query=[?0], columns=[[id]])
        """,
        plan(
            "SELECT id, d FROM (SELECT id, tag, hamming_distance(fp, ?) AS d FROM t) WHERE tag = 2"
                + " AND id > 5 AND d <= ?"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id FROM t WHERE hamming(fp, ?) < 100",
        "SELECT id FROM t WHERE 100 >= hamming(fp, ?)",
        "SELECT id FROM t WHERE similarity(fp, ?) > 0.9 ORDER BY id",
        "SELECT count(*) FROM t WHERE hamming(small, X'0000000000000000') BETWEEN 1 AND 10",
        "SELECT id FROM t WHERE semantic_distance(fp, ?) <= 10.5 ORDER BY name LIMIT 2",
        "SELECT * FROM t WHERE similarity(small, ?) >= ? AND name LIKE '%1'",
        "SELECT a.id FROM t a JOIN plain b ON a.id = b.tag WHERE hamming(a.fp, ?) < 9",
        "SELECT id FROM t WHERE hamming(fp, ?) = ?",
        "SELECT id FROM t WHERE 0 = hamming(small, X'0000000000000000')",
        "SELECT id FROM t WHERE similarity(small, X'0000000000000000') = 1",
      })
  void rangeFires(String query) {
    String plan = plan(query);
    assertTrue(plan.contains("HdrCascadeRange"), plan);
  }

  @Test
  void equalityBoundsBothSides() {
    String zero = "SELECT id FROM t WHERE hamming(small, X'0000000000000000') = 0";
    assertTrue(
        plan(zero).contains("radius=[[distance <= 0]], filter=[], remainder=[]"), plan(zero));
    for (int distance = 0; distance < 8; distance++) {
      List<List<@Nullable Object>> expected = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        if (Integer.bitCount(i) == distance) {
          expected.add(List.of(i));
        }
      }
      String query = "SELECT id FROM t WHERE hamming(small, X'0000000000000000') = " + distance;
      assertEquals(expected, sql().rows(query));
      assertEquals(
          expected.subList(0, Math.min(3, expected.size())),
          sql().rows(query + " ORDER BY hamming(small, X'0000000000000000'), id LIMIT 3"));
    }
    assertEquals(
        List.of(),
        sql()
            .rows(
                "SELECT id FROM t WHERE hamming(small, X'0000000000000000') = CAST(? AS INTEGER)",
                new @Nullable Object[] {null}));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id FROM t WHERE hamming(fp, ?) > 100",
        "SELECT id FROM t WHERE hamming(fp, ?) <> 100",
        "SELECT id FROM t WHERE similarity(fp, ?) < 0.9",
        "SELECT id FROM t WHERE hamming(fp, ?) < id",
        "SELECT id FROM t WHERE hamming(fp, ?) < 10 OR id = 3",
        "SELECT id FROM t WHERE hamming(fp, ?) < 10 AND RAND() < 2",
        "SELECT id FROM plain WHERE hamming(fp, ?) < 10",
      })
  void rangeDoesNotFire(String query) {
    String plan = plan(query);
    assertFalse(plan.contains("HdrCascade"), plan);
  }

  @Test
  void onlyWantedColumnsOfWinnersAreFetched() {
    TABLE.fetched.clear();
    assertEquals(
        3, sql().rows("SELECT name FROM t ORDER BY hamming(fp, ?) LIMIT 3", new byte[2048]).size());
    assertEquals(List.of(List.of(2)), TABLE.fetched);
    assertEquals(0, TABLE.open.get());
  }
}
