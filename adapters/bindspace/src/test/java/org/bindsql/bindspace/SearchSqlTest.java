package org.bindsql.bindspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.rules.BindRules;
import org.junit.jupiter.api.Test;

/** Nearest-fingerprint queries over a space's tables give what sorting everything gives. */
class SearchSqlTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);

  @Test
  void nearestNodesAgreeWithRowByRow() {
    Random random = new Random(SEED);
    try (RootAllocator allocator = new RootAllocator();
        BindSpace space = new BindSpace(allocator)) {
      space.batch(w -> {
        for (int i = 0; i < 1500; i++) {
          // Few distinct fingerprints, so that distances tie.
          int addr = 0x7F00 + random.nextInt(4000);
          w.writeAt(addr, Codes.filled(random.nextInt(40)));
          w.update(addr, NodeValues.DEFAULT.withRung(addr % 10));
        }
      });
      Sql fast = new Sql(space);
      Sql slow = new Sql(space, BindRules.REFERENCE, ExecutionContext.DEFAULT_BATCH_SIZE);
      for (String column : List.of("fingerprint", "structure", "fp_body")) {
        int width = column.equals("fingerprint") ? 2048 : column.equals("structure") ? 512 : 1536;
        ByteString query = new ByteString(new byte[width]);
        for (String where :
            List.of(
                "", "where addr >= 33000", "where rung = 3", "where zone = 'node' and rung < 2")) {
          String sql =
              ("select addr, rung, hamming_distance(%s, ?) as d from \"all\" %s"
                      + " order by hamming_distance(%s, ?), addr limit 20")
                  .formatted(column, where, column);
          assertTrue(fast.explain(sql).contains("HdrCascadeTopK"), fast.explain(sql));
          assertEquals(
              slow.rows(sql, query, query), fast.rows(sql, query, query), sql + ", seed " + SEED);
        }
      }
    }
  }
}
