package org.bindsql.bindspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.error.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** INSERT, UPDATE and DELETE of nodes and edges through a plain Calcite planner. */
class WritesSqlTest {
  private static final ByteString ONE = new ByteString(Codes.filled(1));
  private static final ByteString TWO = new ByteString(Codes.filled(2));

  private final RootAllocator allocator = new RootAllocator();
  private final BindSpace space = new BindSpace(allocator, () -> 1234);
  private final Sql sql = new Sql(space);

  @BeforeEach
  void fill() {
    space.batch(w -> {
      w.insert(0x8000, Codes.filled(1), NodeValues.labeled("a"));
      w.insert(0x8001, Codes.filled(2), NodeValues.labeled("b").withRung(3));
      w.insert(0x1000, Codes.filled(3), NodeValues.labeled("f"));
    });
  }

  @AfterEach
  void close() {
    space.close();
    allocator.close();
  }

  @Test
  void insertFillsDefaultsAndTakesTheCursorsAddress() {
    assertEquals(1, sql.update("insert into nodes (fingerprint, label) values (?, 'new')", ONE));
    assertEquals(
        List.of(Arrays.asList(0x8002, "new", null, (short) 0, 0L, 1234L, "node", false, 2048)),
        sql.rows(
            """
            select addr, label, parent_addr, rung, access_count, updated_at, zone, is_spine,
              popcount
            from nodes where label = 'new'\
            """));
    assertEquals(1, sql.update("insert into fluid (fingerprint) values (?)", ONE));
    assertEquals(List.of(List.of(0x1000), List.of(0x1001)), sql.rows("select addr from fluid"));
    assertEquals(1, sql.update("insert into \"all\" (fingerprint) values (?)", ONE));
    assertEquals(4L, sql.rows("select count(*) from nodes").getFirst().getFirst());
  }

  @Test
  void insertSetsEveryAssignableColumn() {
    assertEquals(
        1,
        sql.update(
            """
            insert into nodes (addr, fingerprint, label, parent_addr, context_id, rung, sigma,
              qidx, is_spine, access_count, updated_at, payload)
            values (40000, ?, 'x', 32768, 65535, 9, 255, 255, true, 4294967295, 77, x'0102')\
            """,
            TWO));
    assertEquals(
        List.of(
            Arrays.asList(
                40000,
                32768,
                65535,
                (short) 9,
                (short) 255,
                (short) 255,
                true,
                4294967295L,
                77L,
                new ByteString(new byte[] {1, 2}),
                (short) 1)),
        sql.rows(
            """
            select addr, parent_addr, context_id, rung, sigma, qidx, is_spine, access_count,
              updated_at, payload, depth
            from nodes where addr = 40000\
            """));
    assertEquals(
        List.of(List.of(40000)), sql.rows("select first_child from nodes where addr = 32768"));
  }

  @Test
  void insertOfBadValuesNamesTheReasonAndChangesNothing() {
    sql.fails(
        ErrorCode.DUPLICATE_KEY,
        "insert into nodes (addr, fingerprint) values (40000, ?), (32768, ?)",
        ONE,
        ONE);
    assertEquals(List.of(), sql.rows("select addr from nodes where addr = 40000"));
    sql.fails(ErrorCode.NULL_NOT_ALLOWED, "insert into nodes (fingerprint) values (?)");
    sql.fails(
        ErrorCode.NULL_NOT_ALLOWED,
        "insert into nodes (fingerprint, addr) values (?, cast(null as integer))",
        ONE);
    sql.fails(ErrorCode.BAD_ARGUMENT, "insert into nodes (fingerprint) values (x'0102')");
    sql.fails(
        ErrorCode.BAD_ARGUMENT,
        "insert into nodes (fingerprint) values (?)",
        new ByteString(new byte[2047]));
    sql.fails(
        ErrorCode.BAD_ARGUMENT,
        "insert into nodes (fingerprint) select fp_body from nodes where addr = 32768");
    for (int addr : new int[] {-1, 0x7FFF, 65536}) {
      sql.fails(
          ErrorCode.OUT_OF_RANGE,
          "insert into nodes (addr, fingerprint) values (" + addr + ", ?)",
          ONE);
    }
    sql.fails(ErrorCode.OUT_OF_RANGE, "insert into nodes (fingerprint, rung) values (?, 10)", ONE);
    sql.fails(
        ErrorCode.BAD_ARGUMENT,
        "insert into nodes (fingerprint, parent_addr) values (?, 50000)",
        ONE);
    sql.fails(ErrorCode.READ_ONLY, "insert into surface (addr, fingerprint) values (2815, ?)", ONE);
    assertEquals(1, sql.update("insert into surface (addr, fingerprint) values (3072, ?)", ONE));
    assertEquals(List.of(List.of(2L)), sql.rows("select count(*) from nodes"));
  }

  @Test
  void derivedColumnsTakeNoValue() {
    for (String column : List.of("popcount", "zone", "depth", "first_child", "nars_f")) {
      String message =
          assertThrows(
                  Exception.class,
                  () ->
                      sql.rows(
                          "insert into nodes (fingerprint, " + column + ") values (?, null)", ONE))
              .toString();
      assertTrue(message.contains(column), message);
      sql.fails(ErrorCode.NOT_ALLOWED, "update nodes set " + column + " = null where addr = 40000");
    }
    sql.fails(ErrorCode.NOT_ALLOWED, "update nodes set addr = 7");
  }

  @Test
  void insertSelectReadsTheTableAsItWas() {
    assertEquals(2, sql.update("insert into nodes (fingerprint) select fingerprint from nodes"));
    assertEquals(4, sql.update("insert into nodes (fingerprint) select fingerprint from nodes"));
    assertEquals(List.of(List.of(8L)), sql.rows("select count(*) from nodes"));
    assertEquals(
        List.of(List.of(4L, 1)),
        sql.rows(
            "select count(*), popcount / 2048 from nodes where popcount = 2048 and"
                + " fingerprint = ? group by popcount",
            ONE));
  }

  @Test
  void insertOfWholeRowsWithoutColumnNames() {
    // Derived columns do not take part.
    assertEquals(
        1,
        sql.update(
            """
            insert into nodes
            select addr + 100, fingerprint, label, parent_addr, context_id, rung, sigma, qidx,
              is_spine, access_count, updated_at, payload, dn_path
            from nodes where addr = 32769\
            """));
    assertEquals(
        List.of(List.of("b", (short) 3)),
        sql.rows("select label, rung from nodes where addr = 32869"));
  }

  @Test
  void updateSetsFingerprintAndValues() {
    assertEquals(
        1,
        sql.update(
            "update nodes set fingerprint = ?, label = label || '!' where addr = 32768", TWO));
    assertEquals(
        List.of(List.of("a!", TWO, 1234L)),
        sql.rows("select label, fingerprint, updated_at from nodes where addr = 32768"));
    assertEquals(2, sql.update("update nodes set access_count = access_count + 1"));
    assertEquals(List.of(List.of(1L), List.of(1L)), sql.rows("select access_count from nodes"));
    assertEquals(0, sql.update("update nodes set rung = 1 where addr = 40000"));
    sql.fails(ErrorCode.BAD_ARGUMENT, "update nodes set fingerprint = x'00'");
    sql.fails(
        ErrorCode.NULL_NOT_ALLOWED, "update nodes set fingerprint = cast(null as binary(2048))");
    sql.fails(ErrorCode.OUT_OF_RANGE, "update nodes set rung = 10 where addr = 32768");
    sql.fails(ErrorCode.READ_ONLY, "update surface set label = 'x' where addr = 1792");
    assertEquals(
        1,
        sql.update(
            """
            update nodes set label = (select max(label) from fluid)
            where addr in (select min(addr) from nodes)\
            """));
    assertEquals(List.of(List.of("f"), List.of("b")), sql.rows("select label from nodes"));
  }

  @Test
  void updateMovesNodesInTheTree() {
    assertEquals(1, sql.update("update nodes set parent_addr = 32768 where addr = 32769"));
    assertEquals(
        List.of(Arrays.asList(32768, null, 32769), Arrays.asList(32769, 32768, null)),
        sql.rows("select addr, parent_addr, first_child from nodes order by addr"));
    assertEquals(
        List.of(List.of(32768, 0x0720, 32769)), sql.rows("select source, verb, target from edges"));
    sql.fails(ErrorCode.BAD_ARGUMENT, "update nodes set parent_addr = 32769 where addr = 32768");
    assertEquals(2, sql.update("update nodes set parent_addr = null"));
    assertEquals(List.of(List.of(0L)), sql.rows("select count(*) from edges"));
  }

  @Test
  void dnPathIsSetAndFound() {
    assertEquals(
        1, sql.update("insert into nodes (fingerprint, dn_path) values (?, 'x:y:z')", ONE));
    assertEquals(
        List.of(List.of("x", (short) 0), List.of("x:y", (short) 1), List.of("x:y:z", (short) 2)),
        sql.rows("select dn_path, depth from dn_tree order by dn"));
    assertEquals(
        List.of(List.of(0x8002)), sql.rows("select addr from nodes where dn_path = 'x:y:z'"));
    sql.fails(ErrorCode.DUPLICATE_KEY, "update nodes set dn_path = 'x:y:z' where addr = 32768");
    sql.fails(ErrorCode.BAD_TEXT, "update nodes set dn_path = 'x::z' where addr = 32768");
    assertEquals(1, sql.update("update nodes set dn_path = 'x:q' where dn_path = 'x:y:z'"));
    assertEquals(
        List.of(List.of("x"), List.of("x:q"), List.of("x:y")),
        sql.rows("select dn_path from dn_tree order by dn_path"));
    sql.fails(ErrorCode.READ_ONLY, "delete from dn_tree");
  }

  @Test
  void deleteDetachesEdgesAndCounts() {
    sql.update("insert into edges (source, verb, target) values (32768, 1792, 32769)");
    assertEquals(1, sql.update("delete from nodes where label = 'b'"));
    assertEquals(List.of(), sql.rows("select * from edges"));
    assertEquals(0, sql.update("delete from nodes where label = 'b'"));
    sql.fails(ErrorCode.READ_ONLY, "delete from surface");
    assertEquals(2, sql.update("delete from \"all\" where addr >= 4096"));
    assertEquals(List.of(List.of(0L)), sql.rows("select count(*) from nodes"));
  }

  @Test
  void edgesLinkUnlinkAndMove() {
    assertEquals(
        2,
        sql.update(
            """
            insert into edges (source, verb, target, weight)
            values (32768, 1792, 32769, 0.5), (32769, 1792, 4096, 2)\
            """));
    assertEquals(
        1, sql.update("insert into edges (source, verb, target) values (32769, 1792, 4096)"));
    assertEquals(
        List.of(
            List.of(32768, 32769, 1792, "a", "b", "CAUSES", 0.5f),
            List.of(32769, 4096, 1792, "b", "f", "CAUSES", 1.0f)),
        sql.rows("select * from edges"));
    assertEquals(2, sql.update("update edges set weight = weight * 2"));
    assertEquals(1, sql.update("update edges set verb = 1793 where source = 32768"));
    assertEquals(
        List.of(List.of(1793, 1.0f), List.of(1792, 2.0f)),
        sql.rows("select verb, weight from edges order by source"));
    // Both ends swap places: no edge is lost on the way.
    sql.update("insert into edges (source, verb, target) values (4096, 1792, 32769)");
    assertEquals(
        2, sql.update("update edges set source = target, target = source where verb = 1792"));
    assertEquals(
        List.of(List.of(4096, 32769), List.of(32769, 4096)),
        sql.rows("select source, target from edges where verb = 1792"));
    sql.fails(
        ErrorCode.DUPLICATE_KEY, "update edges set source = 4096, target = 4096, verb = 1792");
    sql.fails(
        ErrorCode.BAD_ARGUMENT,
        "insert into edges (source, verb, target) values (32768, 1792, 40000)");
    sql.fails(
        ErrorCode.OUT_OF_RANGE,
        "insert into edges (source, verb, target) values (32768, 1792, 65536)");
    sql.fails(ErrorCode.NOT_ALLOWED, "update edges set verb_label = 'x'");
    assertEquals(1, sql.update("delete from edges where source = 4096"));
    assertEquals(2, sql.update("delete from edges"));
  }

  @Test
  void mergeIsRefused() {
    sql.fails(
        ErrorCode.NOT_SUPPORTED,
        """
        merge into nodes as n using (select 32768 as a from (values (1))) as s on n.addr = s.a
        when matched then update set label = 'm'\
        """);
    assertArrayEquals(
        new Object[] {"a"},
        sql.rows("select label from nodes where addr = 32768").getFirst().toArray());
  }
}
