package org.bindsql.lance.resident;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.lance.Lance;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.table.CodeReader;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.BatchReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.Dataset;

/** Fingerprint columns in blocks, and the way back from row keys. */
class LanceCodesTest {
  @TempDir Path folder;
  private Lance lance;

  @BeforeEach
  void open() {
    lance = new Lance(folder);
  }

  @AfterEach
  void close() {
    lance.close();
  }

  private void writeCodes(Mode mode, int from, int to) {
    BigIntVector id = new BigIntVector("id", lance.allocator);
    FixedSizeBinaryVector code = new FixedSizeBinaryVector("code", lance.allocator, 3);
    for (int i = from; i < to; i++) {
      id.setSafe(i - from, i);
      if (i % 7 != 6) {
        code.setSafe(i - from, new byte[] {(byte) i, (byte) (i >> 8), 5});
      }
    }
    id.setValueCount(to - from);
    code.setValueCount(to - from);
    Schema schema = new Schema(List.of(id.getField(), code.getField()));
    lance.write("t", mode, schema, to - from, id, code);
  }

  @Test
  void readsEveryCodeOnceInOrderWithItsKey() {
    writeCodes(Mode.CREATE, 0, 1000);
    writeCodes(Mode.APPEND, 1000, 60_000);
    writeCodes(Mode.APPEND, 60_000, 60_001);
    LanceTable table = lance.table("t");
    assertFalse(table.isSearchable(0));
    assertTrue(table.isSearchable(1));
    long expected = 0;
    int partitions = 0;
    try (CodeReader codes = table.openCodes(1, new int[] {0}, List.of(), lance.context())) {
      assertEquals(3, codes.width());
      for (CodeReader.Partition partition : codes.partitions()) {
        partitions++;
        for (CodeBlock block = partition.next(); block != null; block = partition.next()) {
          BigIntVector id = (BigIntVector) block.columns().column(0);
          for (int i = 0; i < block.columns().rowCount(); i++) {
            assertEquals(expected, block.rowKey(i));
            assertEquals(expected, id.get(i));
            if (expected % 7 != 6) {
              assertEquals(
                  (byte) expected, block.codes().memory().get(ValueLayout.JAVA_BYTE, i * 3L));
            }
            assertEquals(expected % 7 != 6, isValid(block, i));
            expected++;
          }
        }
        partition.close();
      }
    }
    assertEquals(60_001, expected);
    assertTrue(partitions > 2, "partitions: " + partitions);
  }

  private static boolean isValid(CodeBlock block, int row) {
    return block.validity() == null
        || (block.validity().get(ValueLayout.JAVA_BYTE, row >> 3) >> (row & 7) & 1) == 1;
  }

  @Test
  void fetchesRowsInTheOrderGiven() {
    writeCodes(Mode.CREATE, 0, 100);
    writeCodes(Mode.APPEND, 100, 300);
    long[] keys = {250, 3, 99, 100, 0, 299};
    try (CodeReader codes = lance.table("t").openCodes(1, new int[0], List.of(), lance.context())) {
      try (BatchReader rows = codes.fetch(keys, new int[] {0})) {
        List<Object> ids = new ArrayList<>();
        Lance.rows(rows).forEach(row -> ids.add(row.get(0)));
        assertEquals(List.of(250L, 3L, 99L, 100L, 0L, 299L), ids);
      }
      try (BatchReader rows = codes.fetch(keys, new int[0])) {
        assertEquals(6, Lance.rows(rows).size());
      }
      try (BatchReader rows = codes.fetch(new long[0], new int[] {0})) {
        assertNull(rows.next());
      }
    }
  }

  @Test
  void filtersAndDeletionsKeepKeysAndRowsTogether() {
    writeCodes(Mode.CREATE, 0, 200);
    writeCodes(Mode.APPEND, 200, 400);
    try (Dataset dataset =
        Dataset.open()
            .allocator(lance.allocator)
            .uri(folder.resolve("t.lance").toString())
            .build()) {
      dataset.delete("id % 5 = 1");
    }
    LanceTable table = lance.table("t");
    RexBuilder rex = new RexBuilder(new JavaTypeFactoryImpl());
    RexNode id =
        rex.makeInputRef(table.getRowType(rex.getTypeFactory()).getFieldList().get(0).getType(), 0);
    RexNode filter =
        rex.makeCall(
            SqlStdOperatorTable.GREATER_THAN,
            id,
            rex.makeExactLiteral(BigDecimal.valueOf(150), id.getType()));
    for (List<RexNode> filters : List.of(List.<RexNode>of(), List.of(filter))) {
      List<Long> keys = new ArrayList<>();
      List<Object> ids = new ArrayList<>();
      try (CodeReader codes = table.openCodes(1, new int[] {0}, filters, lance.context())) {
        for (CodeReader.Partition partition : codes.partitions()) {
          for (CodeBlock block = partition.next(); block != null; block = partition.next()) {
            for (int i = 0; i < block.columns().rowCount(); i++) {
              keys.add(block.rowKey(i));
              ids.add(((BigIntVector) block.columns().column(0)).get(i));
            }
          }
          partition.close();
        }
        List<Object> expected = new ArrayList<>();
        for (long i = filters.isEmpty() ? 0 : 151; i < 400; i++) {
          if (i % 5 != 1) {
            expected.add(i);
          }
        }
        assertEquals(expected, ids);
        assertEquals(keys.stream().sorted().distinct().toList(), keys);
        Collections.reverse(keys);
        Collections.reverse(ids);
        long[] wanted = keys.stream().mapToLong(Long::longValue).toArray();
        try (BatchReader rows = codes.fetch(wanted, new int[] {0})) {
          assertEquals(ids, Lance.rows(rows).stream().map(row -> row.get(0)).toList());
        }
      }
    }
  }

  @Test
  void joinsTheStoredPairToOneFingerprint() {
    FixedSizeBinaryVector body = new FixedSizeBinaryVector("fingerprint", lance.allocator, 1536);
    FixedSizeBinaryVector structure = new FixedSizeBinaryVector("structure", lance.allocator, 512);
    byte[] record = new byte[2048];
    for (int i = 0; i < record.length; i++) {
      record[i] = (byte) (i * 31 >> 3);
    }
    body.setSafe(0, java.util.Arrays.copyOf(record, 1536));
    structure.setSafe(0, java.util.Arrays.copyOfRange(record, 1536, 2048));
    body.setSafe(1, new byte[1536]);
    body.setValueCount(2);
    structure.setValueCount(2);
    Schema schema = new Schema(List.of(structure.getField(), body.getField()));
    lance.write("pair", Mode.CREATE, schema, 2, structure, body);

    LanceTable table = lance.table("pair");
    assertEquals(
        List.of("structure", "fingerprint", "fp_body"),
        table.arrowSchema().getFields().stream().map(Field::getName).toList());
    assertEquals(
        new ArrowType.FixedSizeBinary(2048), table.arrowSchema().getFields().get(1).getType());
    List<List<Object>> rows = lance.rows("pair", ScanRequest.of(1, 2));
    assertArrayEquals(record, (byte[]) rows.get(0).get(0));
    assertEquals(1536, ((byte[]) rows.get(0).get(1)).length);
    assertNull(rows.get(1).get(0));
    try (CodeReader codes = table.openCodes(1, new int[0], List.of(), lance.context())) {
      assertEquals(2048, codes.width());
      try (CodeReader.Partition partition = codes.partitions().getFirst()) {
        CodeBlock block = java.util.Objects.requireNonNull(partition.next());
        assertTrue(isValid(block, 0));
        assertFalse(isValid(block, 1));
        assertArrayEquals(
            record, block.codes().memory().asSlice(0, 2048).toArray(ValueLayout.JAVA_BYTE));
      }
      try (BatchReader fetched = codes.fetch(new long[] {0}, new int[] {1})) {
        assertArrayEquals(record, (byte[]) Lance.rows(fetched).get(0).get(0));
      }
    }
  }
}
