package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine in a JVM that was started without any of the flags in jvm.options. */
class NoFlagsTest {
  @TempDir Path folder;

  @Test
  void searchesWithoutJvmFlags() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Program.class.getName(),
                    folder.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertTrue(output.contains("found 32769 32768"), output);
    assertTrue(output.contains("copied 2"), output);
    assertTrue(output.contains("--add-modules jdk.incubator.vector"), output);
  }

  /** What the other JVM runs: BindSpace and Lance, written and searched. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + args[0]);
          Statement statement = connection.createStatement()) {
        statement.executeUpdate(
            "INSERT INTO bindspace.nodes (addr, fingerprint) VALUES"
                + " (32768, fingerprint_of('a')), (32769, fingerprint_of('b'))");
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT addr FROM bindspace.nodes"
                    + " ORDER BY hamming_distance(fingerprint, fingerprint_of('b')) LIMIT 2")) {
          rows.next();
          int first = rows.getInt(1);
          rows.next();
          System.out.println("found " + first + " " + rows.getInt(1));
        }
        statement.executeUpdate("CREATE TABLE copy AS SELECT fingerprint FROM bindspace.nodes");
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT COUNT(*) FROM (SELECT 1 FROM copy ORDER BY"
                    + " hamming_distance(fingerprint, fingerprint_of('b')) LIMIT 5) AS t")) {
          rows.next();
          System.out.println("copied " + rows.getInt(1));
        }
      }
    }
  }
}
