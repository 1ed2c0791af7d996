package org.bindsql.bindspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.rules.BindRules;
import org.bindsql.schema.SchemaArray;
import org.bindsql.schema.SchemaSidecar;
import org.bindsql.schema.Truth;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scans with pushed predicates give what the same SQL gives row by row. */
class ScansSqlTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);

  private final RootAllocator allocator = new RootAllocator();
  private final BindSpace space = new BindSpace(allocator, () -> 99);

  @BeforeEach
  void fill() {
    Random random = new Random(SEED);
    space.batch(w -> {
      for (int i = 0; i < 700; i++) {
        int addr = 0x0C00 + random.nextInt(0x10000 - 0x0C00);
        // Half of them close together, so that chunks have runs and gaps.
        addr = i % 2 == 0 ? addr : 0x8000 + random.nextInt(400);
        w.writeAt(addr, Codes.random(random));
        w.update(addr, NodeValues.labeled("n" + addr % 7).withRung(addr % 10));
      }
      for (int i = 0; i < 50; i++) {
        w.writeDnPath("a:b" + i % 5 + ":c" + i, Codes.random(random), 0);
      }
      int from = w.find("a");
      for (int i = 0; i < 50; i++) {
        w.link(w.find("a:b1"), Verb.values()[i % 9].address(), w.find("a:b2:c2"), i);
        w.link(from, Verb.CAUSES.address(), w.find("a:b" + i % 5 + ":c" + i), 1);
      }
    });
  }

  @AfterEach
  void close() {
    space.close();
    allocator.close();
  }

  @Test
  void plansOfAllRulesAgreeWithRowByRow() {
    Sql slow = new Sql(space, BindRules.REFERENCE, ExecutionContext.DEFAULT_BATCH_SIZE);
    Sql fast = new Sql(space, BindRules.ALL, 3);
    for (String sql :
        List.of(
            "select addr, label from \"all\" where zone = 'node' and rung = 3 order by addr",
            "select addr, fingerprint from nodes where addr between 32700 and 32800 order by addr",
            "select count(*) from \"all\" where addr in (1792, 1793, 32770, 70000)",
            "select count(*) from dn_tree",
            "select * from dn_tree order by dn",
            "select * from surface where addr = 1792",
            "select * from edges where verb in (1792, 1824) and weight > 0.5",
            "select count(*) from edges where source > 0",
            "select e.verb_label, n.label from edges e join \"all\" n on e.target = n.addr"
                + " order by e.source, e.verb, e.target")) {
      assertEquals(slow.rows(sql), fast.rows(sql), sql + ", seed " + SEED);
    }
  }

  @Test
  void limitIsExact() {
    Sql sql = new Sql(space);
    for (int limit : new int[] {0, 1, 2, 255, 256, 257, 100000}) {
      long all = (long) one(sql, "select count(*) from \"all\"");
      assertEquals(
          Math.min(limit, all),
          sql.rows("select addr, fingerprint from \"all\" limit " + limit).size());
    }
  }

  @Test
  void parametersArePushedDown() {
    Sql sql = new Sql(space);
    assertEquals(
        List.of(List.of("CAUSES")),
        sql.rows("select label from \"all\" where addr = ?", Verb.CAUSES.address()));
    assertEquals(
        List.of(),
        sql.rows("select label from \"all\" where addr = ?", new @Nullable Object[] {null}));
    assertEquals(List.of(List.of("a")), sql.rows("select label from nodes where dn_path = ?", "a"));
    assertEquals(
        50L, one(sql, "select count(*) from surface where zone = ? and addr < 3072", "surface"));
  }

  @Test
  void derivedColumnsFollowFromTheFingerprint() {
    byte[] code = Codes.random(new Random(SEED));
    SchemaSidecar.of(code).initialize().setTruth(new Truth(0.75, 0.5)).set(SchemaArray.ANI, 5, 300);
    int addr = space.write(w -> w.write(Zone.FLUID, code, NodeValues.DEFAULT));
    Sql sql = new Sql(space);
    assertEquals(
        sql.rows(
            "select nars_f(fingerprint), nars_c(fingerprint), ani_dominant(fingerprint),"
                + " schema_version(fingerprint), popcount(fingerprint) from fluid where addr = ?",
            addr),
        sql.rows(
            "select nars_f, nars_c, ani_dominant, schema_version, popcount from fluid"
                + " where addr = ?",
            addr));
    assertEquals((short) 5, one(sql, "select ani_dominant from fluid where addr = ?", addr));
    ByteString whole = new ByteString(code);
    assertEquals(
        List.of(List.of(whole.substring(1536, 2048), whole.substring(0, 1536))),
        sql.rows("select structure, fp_body from fluid where addr = ?", addr));
  }

  @Test
  void subtreesAreRangesOfTheSortKey() {
    Sql sql = new Sql(space);
    ByteString key = (ByteString) one(sql, "select dn from dn_tree where dn_path = 'a:b1'");
    byte[] end = key.getBytes();
    end[end.length - 1]++;
    assertTrue(end[end.length - 1] != 0, "pick another path: its address ends in FF");
    assertEquals(
        sql.rows("select addr from dn_tree where dn_path = 'a:b1' or dn_path like 'a:b1:%'"),
        sql.rows("select addr from dn_tree where dn >= ? and dn < ?", key, new ByteString(end)));
  }

  private static Object one(Sql sql, String query, @Nullable Object... parameters) {
    return Objects.requireNonNull(sql.rows(query, parameters).getFirst().getFirst());
  }
}
