package org.bindsql.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.table.ListTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of a batch table reach Enumerable, whatever the batch size. */
class ScanTest {
  private static ListTable numbers(int count) {
    Schema schema =
        new Schema(
            List.of(
                Field.notNullable("id", new ArrowType.Int(32, true)),
                Field.nullable("name", ArrowType.Utf8.INSTANCE)));
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new @Nullable Object[] {i, i % 3 == 0 ? null : "n" + i});
    }
    return new ListTable(schema, rows);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4096})
  void everyRowOnceInOrder(int batchSize) {
    Sql sql = new Sql(BindRules.REFERENCE).with("t", numbers(7)).withBatchSize(batchSize);
    assertEquals(7, sql.rows("select * from t").size());
    assertEquals(List.of(5, "n5"), sql.rows("select * from t").get(5));
    assertEquals(List.of(List.of(2), List.of(5)), sql.rows("select id from t where id in (2,5)"));
    assertEquals(List.of(List.of(3L)), sql.rows("select count(*) from t where name is null"));
  }

  @Test
  void readerIsClosedWhenTheConsumerStopsEarly() {
    Sql sql = new Sql(BindRules.REFERENCE).with("t", numbers(7)).withBatchSize(2);
    assertEquals(3, sql.firstRows(3, "select * from t").size());
    assertEquals(2, sql.rows("select a.id from t a join t b on a.id = b.id limit 2").size());
  }
}
