package org.bindsql.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, with the class path of this test instead of a build of its own. */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("../bindsql").toAbsolutePath().normalize();

  @TempDir Path temporary;
  private Path folder;

  record Outcome(int status, String out, String err) {}

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temporary.resolve("a folder; with 'quotes'"));
  }

  private Outcome run(Path launcher, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(args));
    Path out = temporary.resolve("out");
    Path err = temporary.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put("BINDSQL_CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("TERM", "dumb");
    int status = builder.start().waitFor();
    return new Outcome(
        status,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void runsFromAnywhereThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("a link"), LAUNCHER);
    Outcome outcome =
        run(link, "-d", "data of mine", "--format", "csv", "-e", "SELECT 'ü' AS a; SELECT 2 AS b");
    assertEquals("a\nü\nb\n2\n", outcome.out());
    assertEquals("", outcome.err());
    assertEquals(0, outcome.status());
    assertTrue(Files.isDirectory(folder.resolve("data of mine")));
  }

  @Test
  void failuresReachStandardErrorAndTheStatus() throws Exception {
    Outcome outcome = run(LAUNCHER, "-e", "SELECT a FROM nowhere");
    assertEquals(1, outcome.status());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().startsWith("ERROR 42P01: "), outcome.err());
    assertFalse(outcome.err().contains("WARNING"), outcome.err());

    outcome = run(LAUNCHER, "--frob");
    assertEquals(2, outcome.status());
    assertTrue(outcome.err().startsWith("bindsql: unknown option '--frob'"), outcome.err());
  }

  @Test
  void withoutAnythingItRunsStandardInput() throws Exception {
    Outcome outcome = run(LAUNCHER);
    assertEquals(0, outcome.status());
    assertEquals("", outcome.out());
  }

  @Test
  void tellsWhatEmbeddersNeed() throws Exception {
    Outcome flags = run(LAUNCHER, "jvm-flags");
    assertEquals(
        Files.readAllLines(LAUNCHER.resolveSibling("jvm.options")), flags.out().lines().toList());
    Outcome classpath = run(LAUNCHER, "classpath");
    assertEquals(System.getProperty("java.class.path"), classpath.out().strip());
    assertTrue(run(LAUNCHER, "--help").out().startsWith("Usage: bindsql"));
    assertTrue(run(LAUNCHER, "--version").out().startsWith("BindSQL "));
  }
}
