package org.bindsql.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.bindsql.shell.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every SQL block of README.md, run by the shell on a small demonstration database. */
class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("```sql\\R(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void everySqlBlockRuns() throws Exception {
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(Path.of("../README.md")))
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
    assertTrue(blocks.size() >= 8, "only " + blocks.size() + " blocks");
    try (SmallDemo demo = new SmallDemo(folder)) {
      assertFalse(demo.connection().isClosed());
      for (String block : blocks) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
        int status = Main.run(List.of("-d", folder.toString(), "-e", block), out, out);
        assertTrue(status == Main.OK, block + "\n" + text.toString(StandardCharsets.UTF_8));
        assertTrue(block.contains("DROP") || hasRows(text.toString(StandardCharsets.UTF_8)), block);
      }
    }
  }

  private static boolean hasRows(String output) {
    return output.lines().anyMatch(line -> line.matches("[1-9]\\d* rows? \\(.*"));
  }
}
