package org.bindsql.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.plan.RelOptRule;
import org.bindsql.table.ListTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every SQL feature runs on batch tables, and gives with all rules what it gives row by row. */
class SqlFeaturesTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);

  /** Ordered completely where they limit, so that both plans must agree on the rows. */
  private static final List<String> QUERIES =
      List.of(
          "select * from t",
          "select id, s from t where i > 2 and s is not null",
          "select id from t where i > 2 or s like 'a%' or x is null",
          "select id from t where not (i in (1, 3, 5)) and f < 1.5",
          "select id, i + 1, i * id - 3, f / 2, f * f, -i from t where b",
          "select id, upper(s) from t where upper(s) <> 'A' and i between 1 and 4",
          "select id, case when i > 2 then s else 'none' end, coalesce(i, -1) from t",
          "select count(*), count(i), sum(i), min(s), max(s), min(f), avg(i), avg(f) from t",
          "select count(*), sum(i), max(x) from t where id < 0",
          "select s, count(*), sum(i), min(d), max(ts), sum(f) from t group by s",
          "select b, i, count(*) from t group by b, i having count(*) > 1",
          "select s, count(distinct i), sum(i) filter (where b) from t group by s",
          "select s, b, count(*) from t group by grouping sets ((s), (b), ())",
          "select id from t order by id limit 7",
          "select id, i, s from t order by i desc, s, id limit 9 offset 4",
          "select id, i from t order by i nulls first, id desc limit 5",
          "select id from t order by f desc nulls last, id limit 11",
          "select id, x from t order by x, id limit 8",
          "select id from t order by ts desc, d, id fetch first 6 rows only",
          "select id from t order by b, s desc, id limit 3 offset 50",
          "select id from t order by id limit 0",
          "select id from t order by i, id",
          "select t.id, u.i from t join t u on t.id = u.i where t.b",
          "select t.id, u.s from t left join t u on t.i = u.id and u.b",
          "select id from t where exists (select 1 from t u where u.i = t.id)",
          "select id from t where i in (select id from t where b) ",
          "select id, (select max(u.f) from t u where u.i = t.i) from t",
          "select id, row_number() over (partition by s order by id) from t",
          "select id, sum(i) over (order by id rows 2 preceding) from t",
          "select i from t where b union select id from t where id < 5",
          "select i from t intersect select id from t",
          "select i from t except select id from t where id > 2",
          "with big as (select * from t where id > 10) select count(*) from big where i > 1",
          "with recursive n(k) as (values (1) union all select k + 1 from n where k < 5)"
              + " select k, count(t.id) from n left join t on t.i = n.k group by k",
          "select s, max(c) from (select s, i, count(*) as c from t group by s, i) group by s",
          "select * from (select id, i from t order by i, id limit 10) where id > 3",
          "select id, cast(i as double), cast(i as bigint), cast(id as varchar) from t",
          "select d, ts, id from t where d > date '1970-01-02' and ts < timestamp '1970-01-01 01:00:00'",
          "select id from t where x = x'0102' or x > x'7f'",
          "select id from t where (i > 1) is not true",
          "select distinct s, b from t",
          "select sum(big), sum(i), min(big) from t",
          "select 1 from t where id < 3",
          "values (1, 'a')",
          "select * from nothing",
          "select count(*), max(id) from nothing",
          "select s, count(*) from nothing group by s",
          "select id from nothing order by id limit 3");

  private static ListTable table(int count, Random random) {
    Schema schema =
        new Schema(
            List.of(
                Field.notNullable("id", new ArrowType.Int(32, true)),
                Field.nullable("i", new ArrowType.Int(32, true)),
                Field.nullable("u", new ArrowType.Int(8, false)),
                Field.nullable("big", new ArrowType.Int(64, true)),
                Field.nullable("f", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
                Field.nullable("s", ArrowType.Utf8.INSTANCE),
                Field.nullable("b", ArrowType.Bool.INSTANCE),
                Field.nullable("x", ArrowType.Binary.INSTANCE),
                Field.nullable("d", new ArrowType.Date(DateUnit.DAY)),
                Field.nullable("ts", new ArrowType.Timestamp(TimeUnit.MICROSECOND, null)),
                new Field(
                    "list",
                    new FieldType(true, ArrowType.List.INSTANCE, null),
                    List.of(Field.nullable("item", new ArrowType.Int(32, true))))));
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      @Nullable Object[] row = {
        id,
        random.nextInt(6),
        random.nextInt(256),
        random.nextInt(3) == 0 ? Long.MAX_VALUE : random.nextLong(),
        random.nextInt(9) * 0.5,
        String.valueOf((char) ('a' + random.nextInt(4))),
        random.nextBoolean(),
        new byte[] {(byte) random.nextInt(3), (byte) random.nextInt(256)},
        random.nextInt(4),
        random.nextInt(4) * 3_600_000L / 2,
        List.of(id, 1)
      };
      for (int i = 1; i < row.length; i++) {
        if (random.nextInt(5) == 0) {
          row[i] = null;
        }
      }
      rows.add(row);
    }
    return new ListTable(schema, rows);
  }

  private static Sql sql(List<? extends RelOptRule> rules) {
    Random random = new Random(SEED);
    return new Sql(rules).with("t", table(61, random)).with("nothing", table(0, random));
  }

  private static List<String> texts(String query, List<List<@Nullable Object>> rows) {
    List<String> texts = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      texts.add(Arrays.deepToString(row.toArray()));
    }
    if (!query.contains("order by")) {
      texts.sort(null);
    }
    return texts;
  }

  @Test
  void allRulesAgreeWithTheReferenceWhateverTheBatchSize() {
    Sql reference = sql(BindRules.REFERENCE);
    Sql all = sql(BindRules.ALL);
    for (String query : QUERIES) {
      List<String> expected = texts(query, reference.rows(query));
      EnumerableRel plan = all.optimize(query);
      for (int batchSize : new int[] {1, 2, 3, 4096}) {
        List<String> actual =
            texts(query, all.withBatchSize(batchSize).run(plan, Integer.MAX_VALUE));
        String message = "seed " + SEED + ", batches of " + batchSize + ": " + query;
        assertEquals(expected, actual, message);
      }
    }
  }
}
