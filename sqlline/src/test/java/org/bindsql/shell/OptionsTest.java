package org.bindsql.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void theDefaultIsAFolderAndTheTable() {
    Options options = Options.parse(List.of());
    assertEquals("jdbc:bindsql:path=bindsql-data", options.url());
    assertNull(options.format());
    assertTrue(options.inputs().isEmpty());
  }

  @Test
  void inputsKeepTheirOrder() {
    Options options = Options.parse(List.of("-f", "a.sql", "-e", "select 1", "--format=csv"));
    assertEquals(
        List.of(new Options.Input.Script("a.sql"), new Options.Input.Text("select 1")),
        options.inputs());
    assertEquals(ResultFormat.CSV, options.format());
  }

  @Test
  void anyFolderNameSurvivesTheUrl() {
    assertEquals("jdbc:bindsql:path=\"a; b\"", Options.url("a; b", false));
    assertEquals("jdbc:bindsql:path=\"a\"\"b\";readOnly=true", Options.url("a\"b", true));
  }

  @Test
  void whatSqllineKnowsIsPassedOn() {
    Options options = Options.parse(List.of("--maxWidth=80", "--silent=true", "-nn", "it"));
    assertEquals(List.of("--maxWidth=80", "--silent=true", "-nn", "it"), options.sqlline());
  }

  @Test
  void mistakesAreNamed() {
    assertMessage("unknown option '--frob'", "--frob");
    assertMessage("unexpected argument 'select 1'", "select 1");
    assertMessage("option -e needs a value", "-e");
    assertMessage("unknown format 'xml'", "--format", "xml");
    assertMessage("-d and -u exclude each other", "-d", "x", "-u", "jdbc:bindsql:");
  }

  private static void assertMessage(String expected, String... args) {
    UsageException e = assertThrows(UsageException.class, () -> Options.parse(List.of(args)));
    assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
  }
}
