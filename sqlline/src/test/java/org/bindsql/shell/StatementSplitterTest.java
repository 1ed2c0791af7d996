package org.bindsql.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.bindsql.shell.StatementSplitter.Statement;
import org.junit.jupiter.api.Test;

class StatementSplitterTest {
  private static List<String> texts(String script) {
    return StatementSplitter.split(script).stream().map(Statement::text).toList();
  }

  @Test
  void semicolonsSeparateOutsideQuotesAndComments() {
    assertEquals(List.of("a", "b"), texts("a;b"));
    assertEquals(List.of("a", "b"), texts(" a ; ;; b ; "));
    assertEquals(List.of("select ';'", "b"), texts("select ';'; b"));
    assertEquals(List.of("select 'it''s; so'", "b"), texts("select 'it''s; so'; b"));
    assertEquals(List.of("select \"x;\"\"y\"", "b"), texts("select \"x;\"\"y\"; b"));
    assertEquals(List.of("a -- one; two\n + b", "c"), texts("a -- one; two\n + b; c"));
    assertEquals(List.of("a /* x; ' */ b", "c"), texts("a /* x; ' */ b; c"));
    assertEquals(List.of("a '-- no' b", "c"), texts("a '-- no' b; c"));
    assertEquals(List.of("a / b - c"), texts("a / b - c"));
  }

  @Test
  void piecesOfNothingAreLeftOut() {
    assertTrue(texts("").isEmpty());
    assertTrue(texts(" \n\t;;").isEmpty());
    assertTrue(texts("-- only this").isEmpty());
    assertTrue(texts("/* only\n this */ ;").isEmpty());
    assertEquals(List.of("a"), texts("-- before\na; -- after"));
  }

  @Test
  void unfinishedPiecesReachTheParser() {
    assertEquals(List.of("select 'x; y"), texts("select 'x; y"));
    assertEquals(List.of("select /* x; y"), texts("select /* x; y"));
  }

  @Test
  void statementsKnowTheirLine() {
    List<Statement> statements =
        StatementSplitter.split("-- head\n\nselect 1\n  + 1;\n'a\nb';\n/* c\n */ select 2");
    assertEquals(List.of(3, 5, 8), statements.stream().map(Statement::line).toList());
    assertEquals("select 1\n  + 1", statements.getFirst().text());
  }

  @Test
  void shellCommandsEndWithTheLine() {
    List<Statement> statements = StatementSplitter.split("!set maxwidth 80\nselect 1 !; !tables\n");
    assertEquals(
        List.of("!set maxwidth 80", "select 1 !", "!tables"),
        statements.stream().map(Statement::text).toList());
    assertEquals(List.of(true, false, true), statements.stream().map(Statement::command).toList());
  }
}
