package org.bindsql.lance.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.bindsql.lance.Fork;
import org.bindsql.lance.Lance;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.table.ScanRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text is data, and no filter is large enough to end the process. */
class HostileFilterTest {
  private static final List<String> PIECES =
      List.of(
          "'",
          "\"",
          "`",
          ";",
          "--",
          "/*",
          "*/",
          "\\",
          "\\'",
          "''",
          "\0",
          "\n",
          "\r",
          "\t",
          "%",
          "_",
          " OR 1=1",
          "drop table t",
          "X'00'",
          "\u0000",
          "\u2028",
          "\uFEFF",
          "😀",
          "é",
          "$1",
          "?",
          ")",
          "(",
          "{",
          "a",
          "\u001a",
          "NULL",
          "cast(",
          "\uFFFF",
          "u&'\\0041'",
          "E'\\x41'");

  /** Values compared by one filter. */
  private static final int GROUP = 20;

  @TempDir Path folder;

  @Test
  void hostileTextIsData() {
    long seed = Long.getLong("tests.seed", 20261120L);
    Random random = new Random(seed);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      StringBuilder text = new StringBuilder();
      for (int piece = random.nextInt(6); piece >= 0; piece--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      texts.add(text.toString());
    }
    try (Lance lance = new Lance(folder)) {
      IntVector id = new IntVector("id", lance.allocator);
      VarCharVector text = new VarCharVector("text", lance.allocator);
      for (int i = 0; i < texts.size(); i++) {
        id.setSafe(i, i);
        text.setSafe(i, texts.get(i).getBytes(StandardCharsets.UTF_8));
      }
      id.setValueCount(texts.size());
      text.setValueCount(texts.size());
      lance.write(
          "t",
          Mode.CREATE,
          new Schema(List.of(id.getField(), text.getField())),
          texts.size(),
          id,
          text);
      RexBuilder rex = new RexBuilder(new JavaTypeFactoryImpl());
      LanceTable table = lance.table("t");
      RelDataType type = table.getRowType(rex.getTypeFactory()).getFieldList().get(1).getType();
      RexNode ref = rex.makeInputRef(type, 1);
      List<RexNode> equals = new ArrayList<>();
      for (int i = 0; i < GROUP; i++) {
        equals.add(rex.makeCall(SqlStdOperatorTable.EQUALS, ref, rex.makeDynamicParam(type, i)));
      }
      RexNode any = rex.makeCall(SqlStdOperatorTable.OR, equals);
      assertEquals(List.of(any), table.pushDown(List.of(any), rex).accepted());
      ScanRequest request = new ScanRequest(new int[] {0}, List.of(any), -1);
      for (int from = 0; from < texts.size(); from += GROUP) {
        List<String> values = texts.subList(from, from + GROUP);
        Set<String> wanted = new HashSet<>(values);
        assertEquals(
            texts.stream().filter(wanted::contains).count(),
            table.count(request, lance.context(values.toArray())),
            () -> "seed " + seed + ", values " + values);
      }
    }
  }

  @Test
  void longFiltersDoNotEndTheProcess() throws Exception {
    Path output = folder.resolve("output");
    Process process =
        Fork.start(output, FilterProbe.class, List.of(), folder.resolve("db").toString());
    int status = process.waitFor();
    String text = Files.readString(output);
    assertEquals(0, status, text);
    assertTrue(text.contains("all filters survived"), text);
  }
}
