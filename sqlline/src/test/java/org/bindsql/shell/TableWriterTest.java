package org.bindsql.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a narrow screen cuts. */
class TableWriterTest {
  private static final String LONG = "x".repeat(200);

  @Test
  void oneColumnIsShownWhole() {
    assertTrue(table(1).contains(LONG));
  }

  @Test
  void severalColumnsFitTheScreen() {
    assertEquals(40, table(3).lines().mapToInt(String::length).max().orElse(0));
  }

  private static String table(int columns) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TableWriter writer =
        new TableWriter(new PrintStream(bytes, true, StandardCharsets.UTF_8), 40, true, "NULL");
    writer.begin(Collections.nCopies(columns, new ResultWriter.Column("c", false)));
    writer.row(List.copyOf(Collections.nCopies(columns, LONG)));
    writer.end();
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
