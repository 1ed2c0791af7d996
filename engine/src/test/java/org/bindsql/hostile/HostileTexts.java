package org.bindsql.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts made of what ends literals, begins comments, or means something to some parser. */
final class HostileTexts {
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
          "\"\"",
          "\0",
          "\n",
          "\r",
          "\t",
          "%",
          "_",
          " OR 1=1",
          "'; DROP TABLE victim; --",
          "X'00'",
          "\u2028",
          "\uFEFF",
          "😀",
          "é",
          "$1",
          "?",
          ":a",
          ")",
          "(",
          "{",
          "}",
          "[",
          "a",
          "\u001a",
          "NULL",
          "cast(",
          "\uFFFF",
          "u&'\\0041'",
          "E'\\x41'",
          "*/ System.exit(1); /*",
          "\\u0022",
          "../",
          ".",
          "%2e%2e/",
          "#",
          "~",
          "|",
          "&",
          "<",
          "@",
          "=",
          " ");

  private HostileTexts() {}

  /** Different texts of 1 to 6 pieces. */
  static List<String> make(int count, Random random) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      for (int piece = random.nextInt(6); piece >= 0; piece--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      // Calcite's generated code loses a carriage return that follows a line feed in a literal.
      texts.add(text.toString().replace("\n\r", "\n"));
    }
    return texts;
  }

  /** As a literal. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** As a quoted name. */
  static String name(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }
}
