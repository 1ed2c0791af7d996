package org.bindsql.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The distances in plain Calcite: as column, literal, parameter, folded, NULL. */
class DistanceSqlTest {
  private static final byte[] ZERO = new byte[2048];
  private static final byte[] FIVE = five();

  private final Sql sql =
      new Sql(
          List.of("id", "fp"),
          List.of(SqlTypeName.INTEGER, SqlTypeName.BINARY),
          List.of(-1, 2048),
          List.<@Nullable Object[]>of(
              new Object[] {1, ZERO}, new Object[] {2, FIVE}, new @Nullable Object[] {3, null}));

  /** Three bits in the first word, two in the last: 5 in all, 3 of them semantic. */
  private static byte[] five() {
    byte[] code = new byte[2048];
    code[0] = 7;
    code[2047] = 3;
    return code;
  }

  @Test
  void parametersAreTypedEverywhere() {
    assertEquals(
        List.of(List.of(1, 0), List.of(2, 5)),
        sql.rows("SELECT id, hamming_distance(fp, ?) FROM t WHERE id < 3 ORDER BY id", ZERO));
    assertEquals(
        List.of(List.of(2), List.of(1), List.of(3)),
        sql.rows("SELECT id FROM t ORDER BY hamming_distance(?, fp)", FIVE));
    assertEquals(0, sql.value("SELECT MIN(hamming_distance(fp, ?)) FROM t", ZERO));
    assertEquals(
        2L, sql.value("SELECT COUNT(*) FROM t WHERE hamming_distance(fp, ?) + 1 <= 6", ZERO));
    assertEquals(
        List.of(List.of(0), List.of(3)),
        sql.rows(
            "SELECT d FROM (SELECT semantic_distance(?, fp) AS d FROM t) WHERE d IS NOT NULL"
                + " GROUP BY d ORDER BY d",
            ZERO));
    assertEquals(
        List.of(List.of(1), List.of(2)),
        sql.rows(
            "SELECT id FROM t GROUP BY id HAVING MIN(hamming(?, fp)) >= 0 ORDER BY MIN(hamming(fp, ?))",
            ZERO,
            ZERO));
    assertEquals(5, sql.value("SELECT hamming(?, ?) FROM t WHERE id = 1", ZERO, FIVE));
    assertEquals(
        List.of(List.of(2, 2)),
        sql.rows(
            "SELECT a.id, b.id FROM t a JOIN t b ON hamming(a.fp, ?) + hamming(b.fp, ?) = 10",
            ZERO,
            ZERO));
  }

  @Test
  void literalsAndNull() {
    assertEquals(8, sql.value("SELECT hamming_distance(X'FF', X'00') FROM t WHERE id = 1"));
    assertNull(sql.value("SELECT hamming_distance(fp, NULL) FROM t WHERE id = 1"));
    assertNull(sql.value("SELECT hamming_distance(fp, fp) FROM t WHERE id = 3"));
    assertNull(
        sql.value(
            "SELECT hamming_distance(fp, ?) FROM t WHERE id = 1", new @Nullable Object[] {null}));
    assertEquals(0.5, sql.value("SELECT similarity(X'0F0F', X'00FF') FROM t WHERE id = 1"));
    assertEquals(1.0, sql.value("SELECT vector_similarity(fp, fp) FROM t WHERE id = 2"));
    assertEquals(5, sql.value("SELECT popcount(fp) FROM t WHERE id = 2"));
    assertEquals(64, sql.value("SELECT popcount(CAST(-1 AS BIGINT)) FROM t WHERE id = 2"));
    assertEquals(2, sql.value("SELECT popcount(id + 2) FROM t WHERE id = 1"));
    assertEquals(
        List.of(List.of(1)),
        sql.rows("SELECT id FROM t WHERE similarity(fp, X'%s') = 1".formatted(hex(ZERO))));
  }

  @Test
  void constantsFold() {
    String plan = sql.folded("SELECT hamming_distance(X'FF', X'00') FROM t");
    assertTrue(plan.contains("EXPR$0=[8]"), plan);
  }

  @Test
  void errors() {
    assertEquals(
        "hamming_distance: codes differ in length: 2048 and 1 bytes",
        sql.error("SELECT hamming_distance(fp, X'00') FROM t"));
    assertEquals(
        "semantic_distance: fingerprint has 1536 bytes, expected 2048",
        sql.error("SELECT semantic_distance(fp, ?) FROM t", new byte[1536]));
    String message = sql.failure("SELECT hamming_distance(fp, 'abc') FROM t");
    assertTrue(message.contains("HAMMING_DISTANCE(<BINARY>, <BINARY>)"), message);
    message = sql.failure("SELECT hamming_distance(fp) FROM t");
    assertTrue(message.contains("HAMMING_DISTANCE"), message);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
