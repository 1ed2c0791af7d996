package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import net.hydromatic.quidem.Quidem;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the scripts of {@code src/test/resources/sql}: each holds SQL and the answers, so that its
 * output is the script itself.
 *
 * <p>Every script runs on a fresh database, with batches of the usual size and of 1, 2 and 3 rows.
 * {@code !verify} runs the query again with the reference planner, a row at a time. To accept a
 * changed answer, check that it is right and copy the file that the failure names over the script;
 * {@code -Dquidem=topk} runs one script only. See {@link ScriptCommand} for the commands beyond
 * Quidem's own.
 */
class QuidemTest {
  @TestFactory
  Stream<DynamicTest> scripts(@TempDir Path temp) throws IOException, URISyntaxException {
    URL folder = Objects.requireNonNull(QuidemTest.class.getResource("/sql"));
    String only = System.getProperty("quidem", "");
    List<Path> scripts;
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      scripts = files.filter(f -> f.getFileName().toString().contains(only)).sorted().toList();
    }
    assertFalse(scripts.isEmpty(), "no script");
    return scripts.stream()
        .flatMap(script ->
            Stream.of("", "1", "2", "3")
                .map(batchSize ->
                    DynamicTest.dynamicTest(
                        script.getFileName()
                            + (batchSize.isEmpty() ? "" : " batch_size=" + batchSize),
                        () -> run(script, batchSize, temp))));
  }

  private static void run(Path script, String batchSize, Path temp) throws IOException {
    Path database = Files.createTempDirectory(temp, "database");
    String expected = Files.readString(script);
    StringWriter output = new StringWriter();
    new Quidem(
            Quidem.configBuilder()
                .withReader(new StringReader(expected))
                .withWriter(output)
                .withConnectionFactory(
                    (name, reference) -> connect(name, reference, database, batchSize))
                .withCommandHandler(ScriptCommand::parse)
                .withStackLimit(500)
                .build())
        .execute();
    String actual = output.toString();
    if (!actual.equals(expected)) {
      Path copy = Path.of("target", "quidem", script.getFileName() + batchSize).toAbsolutePath();
      Files.createDirectories(copy.getParent());
      Files.writeString(copy, actual);
      assertEquals(expected, actual, () -> "see " + copy);
    }
  }

  private static Connection connect(String name, boolean reference, Path database, String batchSize)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("path", database.toString());
    if (reference) {
      properties.setProperty("planner", "reference");
    }
    if (!batchSize.isEmpty()) {
      properties.setProperty("batch_size", batchSize);
    }
    if (name.equals("confined")) {
      properties.setProperty("policy.roots", database.toString());
    }
    if (name.equals("readonly")) {
      properties.setProperty("readOnly", "true");
    }
    return DriverManager.getConnection("jdbc:bindsql:", properties);
  }
}
