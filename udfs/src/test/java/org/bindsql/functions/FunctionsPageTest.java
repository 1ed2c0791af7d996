package org.bindsql.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The examples of docs/sql-functions.md, and that it leaves no function out. */
class FunctionsPageTest {
  private static final Pattern EXAMPLE = Pattern.compile("`([^`]+)` → `([^`]*)`");

  private final String page;

  FunctionsPageTest() throws IOException {
    page = Files.readString(Path.of("..", "docs", "sql-functions.md"));
  }

  @Test
  void examples() {
    Sql sql = Sql.oneRow();
    Matcher matcher = EXAMPLE.matcher(page);
    int examples = 0;
    while (matcher.find()) {
      if (matcher.group(1).equals("expression")) {
        continue;
      }
      String call = matcher.group(1);
      assertEquals(matcher.group(2), text(sql.value("SELECT " + call + " FROM t")), call);
      examples++;
    }
    assertTrue(examples > 45, "examples: " + examples);
  }

  private static String text(@Nullable Object value) {
    return value instanceof byte[] bytes
        ? HexFormat.of().withUpperCase().formatHex(bytes)
        : String.valueOf(value);
  }

  @Test
  void everyFunctionIsDescribed() {
    for (SqlOperator operator : Functions.ALL) {
      String name = operator.getName().toLowerCase(Locale.ROOT);
      assertTrue(page.contains("`" + name + "(") || page.contains("alias `" + name + "`"), name);
    }
  }
}
