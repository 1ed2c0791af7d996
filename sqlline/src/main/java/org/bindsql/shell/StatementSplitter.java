package org.bindsql.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a script into statements at semicolons outside quotes and comments.
 *
 * <p>A line that begins with {@code !} where a statement could begin is a shell command and ends
 * with the line. Quotes are {@code 'text'} and {@code "identifier"}, each doubled to stand for
 * itself; comments are {@code -- to the end of the line} and {@code /* to *}{@code /}, and hints
 * {@code /*+ *}{@code /} stay part of the statement like any comment inside it.
 */
final class StatementSplitter {
  /**
   * Statement of a script.
   *
   * @param text the statement without its semicolon; positions in it count from its first line
   * @param line 1-based line of the script on which it begins
   * @param command whether it is a shell command, beginning with {@code !}
   */
  record Statement(String text, int line, boolean command) {}

  private final String script;
  private final List<Statement> statements = new ArrayList<>();
  private int position;
  private int line = 1;

  private StatementSplitter(String script) {
    this.script = script;
  }

  /** The statements of a script; pieces of nothing but blanks and comments are left out. */
  static List<Statement> split(String script) {
    StatementSplitter splitter = new StatementSplitter(script);
    splitter.run();
    return List.copyOf(splitter.statements);
  }

  private void run() {
    while (skipBlanksAndComments()) {
      if (script.charAt(position) == ';') {
        position++;
      } else if (script.charAt(position) == '!') {
        int start = position;
        int startLine = line;
        advanceTo(endOf('\n'));
        statements.add(new Statement(script.substring(start, position).strip(), startLine, true));
      } else {
        int start = position;
        int startLine = line;
        skipStatement();
        statements.add(
            new Statement(script.substring(start, position).stripTrailing(), startLine, false));
      }
    }
  }

  /** Moves to the next character that is part of a statement; false at the end. */
  private boolean skipBlanksAndComments() {
    while (position < script.length()) {
      if (Character.isWhitespace(script.charAt(position)) || script.charAt(position) == '\uFEFF') {
        advanceTo(position + 1);
      } else if (!skipComment()) {
        return true;
      }
    }
    return false;
  }

  private void skipStatement() {
    while (position < script.length()) {
      char c = script.charAt(position);
      if (c == ';') {
        return;
      } else if (c == '\'' || c == '"') {
        advanceTo(endOfQuoted(c));
      } else if (!skipComment()) {
        advanceTo(position + 1);
      }
    }
  }

  private boolean skipComment() {
    if (script.startsWith("--", position)) {
      advanceTo(endOf('\n'));
      return true;
    }
    if (script.startsWith("/*", position)) {
      int end = script.indexOf("*/", position + 2);
      advanceTo(end < 0 ? script.length() : end + 2);
      return true;
    }
    return false;
  }

  /** The position behind a quoted piece; a doubled quote simply begins a new one. */
  private int endOfQuoted(char quote) {
    int end = script.indexOf(quote, position + 1);
    return end < 0 ? script.length() : end + 1;
  }

  private int endOf(char last) {
    int end = script.indexOf(last, position);
    return end < 0 ? script.length() : end;
  }

  private void advanceTo(int target) {
    for (; position < target; position++) {
      if (script.charAt(position) == '\n') {
        line++;
      }
    }
  }
}
