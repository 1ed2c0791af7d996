package org.bindsql.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bindsql.AllTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COPY in processes of its own: with little memory, killed, and with hostile files. */
class FilesForkTest {
  @TempDir Path folder;

  private Process fork(String heap, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                folder.resolve("db").toString()));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  private void run(String heap, String... statements) throws Exception {
    assertEquals(0, fork(heap, statements).waitFor(), () -> "see output: " + output());
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static long count(Connection connection, String from) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + from)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** A file of 100 MB passes a heap of 64 MB, in and out and through every format. */
  @Test
  void filesLargerThanTheHeapStream() throws Exception {
    Path csv = folder.resolve("big.csv");
    int rows = 1_000_000;
    String filler = "x".repeat(90);
    try (BufferedWriter out = Files.newBufferedWriter(csv)) {
      out.write("id,text\n");
      for (int i = 0; i < rows; i++) {
        out.write(i + "," + filler + "\n");
      }
    }
    assertTrue(Files.size(csv) > 90_000_000);
    run(
        "64m",
        "CREATE TABLE t (id BIGINT, text VARCHAR)",
        "COPY t FROM '" + csv + "'",
        "COPY t TO '" + folder.resolve("big.parquet") + "'",
        "COPY t FROM '" + folder.resolve("big.parquet") + "'");
    try (Connection connection =
        DriverManager.getConnection("jdbc:bindsql:path=" + folder.resolve("db"))) {
      assertEquals(2L * rows, count(connection, "t"));
    }
  }

  /** At whatever moment the process is killed, there is the whole file or none. */
  @Test
  void aKilledProcessLeavesNoHalfFile() throws Exception {
    AllTypes.write(folder.resolve("db"), "t", 20_000, 3);
    Random random = new Random(17);
    String[] suffixes = {"csv", "parquet", "arrow"};
    int whole = 0;
    for (int i = 0; i < 6; i++) {
      Path file = folder.resolve("out" + i + "." + suffixes[i % 3]);
      Process process = fork("256m", "COPY t TO '" + file + "'", "BEGIN PAUSE");
      // Until the hidden directory is there, then a little longer.
      while (process.isAlive() && !growing() && !Files.exists(file)) {
        Thread.sleep(2);
      }
      Thread.sleep(random.nextInt(40));
      process.destroyForcibly().waitFor();
      if (Files.exists(file)) {
        whole++;
        try (Connection connection =
            DriverManager.getConnection("jdbc:bindsql:path=" + folder.resolve("db"))) {
          assertEquals(20_000, count(connection, "'" + file + "'"), file.toString());
        }
      }
      clear();
    }
    assertTrue(whole < 6, "every COPY had ended before it was killed");
  }

  private boolean growing() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> String.valueOf(file.getFileName()).endsWith(".tmp"));
    }
  }

  private void clear() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path left : files.filter(f -> f.toString().endsWith(".tmp")).toList()) {
        try (Stream<Path> all = Files.walk(left)) {
          for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  /** Bytes changed at random are an error or other rows, and never the end of the process. */
  @Test
  void flippedBytesDoNotEndTheProcess() throws Exception {
    AllTypes.write(folder.resolve("db"), "t", 200, 3);
    List<String> statements = new ArrayList<>();
    for (String suffix : List.of("parquet", "arrow")) {
      try (Connection connection =
              DriverManager.getConnection("jdbc:bindsql:path=" + folder.resolve("db"));
          Statement statement = connection.createStatement()) {
        statement.execute(
            "COPY (SELECT id, utf8, bytes, fixed, list, struct, bool, f64 FROM t) TO '"
                + folder.resolve("good." + suffix)
                + "'");
      }
      byte[] good = Files.readAllBytes(folder.resolve("good." + suffix));
      Random random = new Random(5);
      for (int i = 0; i < 60; i++) {
        byte[] bad = good.clone();
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
          // Mostly in the metadata, at both ends.
          int span = random.nextBoolean() ? good.length : Math.min(600, good.length);
          int at = random.nextInt(span);
          bad[random.nextBoolean() ? at : good.length - 1 - at] = (byte) random.nextInt(256);
        }
        Path file = folder.resolve("bad" + i + "." + suffix);
        Files.write(file, bad);
        statements.add("?CREATE OR REPLACE TABLE x AS SELECT * FROM '" + file + "'");
      }
    }
    run("512m", statements.toArray(new String[0]));
    assertFalse(output().contains("hs_err"), output());
  }

  /**
   * What the other JVM runs: statements; those that begin with '?' may fail with an SQLException.
   */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + args[0]);
          Statement statement = connection.createStatement()) {
        for (String sql : Arrays.asList(args).subList(1, args.length)) {
          if (sql.equals("BEGIN PAUSE")) {
            System.out.write("paused\n".getBytes(StandardCharsets.UTF_8));
            Thread.sleep(60_000);
          } else if (sql.startsWith("?")) {
            try {
              statement.execute(sql.substring(1));
            } catch (java.sql.SQLException e) {
              if (e.getSQLState() == null) {
                throw e;
              }
            }
          } else {
            statement.execute(sql);
          }
        }
      }
    }
  }
}
