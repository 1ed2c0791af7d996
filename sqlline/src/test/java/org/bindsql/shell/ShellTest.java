package org.bindsql.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bindsql.server.BindServer;
import org.bindsql.server.ServerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellTest {
  private static final String ROWS =
      "SELECT * FROM (VALUES (1, 'a,\"b\"', x'00ff', true), (2, CAST(NULL AS VARCHAR), x'0a0b', false)) AS t (i, s, b, f)";

  @TempDir Path folder;

  record Outcome(int status, String out, String err) {}

  private static Outcome run(String... args) {
    List<String> all = new ArrayList<>(List.of("-u", "jdbc:bindsql:"));
    all.addAll(List.of(args));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            all,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void tablesAlignNumbersAndShowNothingElseOnStandardOutput() {
    Outcome outcome = run("-e", ROWS);
    assertEquals(
        """
        +---+-------+------+-------+
        | i | s     | b    | f     |
        +---+-------+------+-------+
        | 1 | a,"b" | 00FF | true  |
        | 2 |       | 0A0B | false |
        +---+-------+------+-------+
        """,
        outcome.out());
    assertEquals(0, outcome.status());
    assertTrue(outcome.err().startsWith("2 rows"), outcome.err());
  }

  @Test
  void separatedValuesTellNullFromTheEmptyString() {
    assertEquals(
        "i,s,b,f\n1,\"a,\"\"b\"\"\",00FF,true\n2,,0A0B,false\n",
        run("--format", "csv", "-e", ROWS).out());
    assertEquals(
        "a\tb\n\"\"\t\n", run("--format", "tsv", "-e", "SELECT TRIM(' ') a, NULLIF(1, 1) b").out());
    assertEquals("", run("--format", "csv", "-e", ROWS).err());
  }

  @Test
  void jsonIsAnArrayOfObjects() throws Exception {
    JsonNode rows = new ObjectMapper().readTree(run("--format", "json", "-e", ROWS).out());
    assertEquals(2, rows.size());
    assertEquals(
        "{\"i\":1,\"s\":\"a,\\\"b\\\"\",\"b\":\"00FF\",\"f\":true}", rows.get(0).toString());
    assertTrue(rows.get(1).get("s").isNull());
    assertEquals("[]\n", run("--format", "json", "-e", ROWS + " WHERE i > 9").out());
  }

  @Test
  void verticalGivesALineToEachValue() {
    assertEquals(
        "-- row 1 --\ni      1\nlonger x\n"
            .replace("i      1", "i       1")
            .replace("longer x", "longer  x"),
        run("--format", "vertical", "-e", "SELECT 1 AS i, 'x' AS longer").out());
  }

  @Test
  void longBinaryValuesAreShortenedOnlyForPeople() {
    String sql = "SELECT fingerprint_of('x') AS fp";
    String table = run("-e", sql).out();
    assertTrue(table.contains("… (2048 bytes)"), table);
    String csv = run("--format", "csv", "-e", sql).out();
    assertEquals("fp\n".length() + 4096 + 1, csv.length());
  }

  @Test
  void theFirstFailureEndsTheRun() {
    Outcome outcome =
        run(
            "--format",
            "csv",
            "-e",
            "SELECT 1 AS a; SELECT b FROM (VALUES (1)) AS t (a); SELECT 2");
    assertEquals(1, outcome.status());
    assertEquals("a\n1\n", outcome.out());
    assertTrue(outcome.err().startsWith("ERROR 42703: "), outcome.err());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
  }

  @Test
  void errorsPointAtTheirPlace() {
    Outcome outcome = run("-e", "SELECT 1,\n       nope\nFROM (VALUES (1)) AS t (a)");
    List<String> lines = outcome.err().lines().toList();
    assertEquals("         nope", lines.get(1));
    assertEquals("         ^", lines.get(2));
    assertTrue(run("-e", "SELEC 1").err().startsWith("ERROR 42601: "));
  }

  @Test
  void scriptsMayHoldCommentsAndShellCommands() throws Exception {
    Path script = folder.resolve("a script.sql");
    Files.writeString(
        script,
        "-- say; hello\nSELECT 'a;b' AS x; /* and */\n!set outputformat json\nSELECT 2 AS y;\n");
    Outcome outcome = run("--format", "csv", "-f", script.toString());
    assertEquals("x\na;b\n[\n{\"y\":2}\n]\n", outcome.out());
    assertEquals(0, outcome.status());

    Files.writeString(script, "SELECT 1;\n\nSELECT nope FROM (VALUES (1)) AS t (a);\nSELECT 3;\n");
    outcome = run("--format", "csv", "-f", script.toString());
    assertEquals(1, outcome.status());
    assertTrue(outcome.err().startsWith(script + ":3: ERROR 42703: "), outcome.err());
    assertEquals(1, run("-f", folder.resolve("none.sql").toString()).status());
  }

  @Test
  void shellCommandsFailTheRunToo() {
    Outcome outcome = run("-e", "!nonsense\nSELECT 1");
    assertEquals(1, outcome.status());
    assertEquals("", outcome.out());
  }

  @Test
  void aWrongCommandLineIsStatusTwo() {
    Outcome outcome = run("--frobnicate");
    assertEquals(2, outcome.status());
    assertTrue(outcome.err().contains("unknown option '--frobnicate'"), outcome.err());
    assertEquals("", outcome.out());
  }

  @Test
  void whatCannotConnectSaysWhy() {
    Outcome outcome = run("-e", "SELECT 1", "-u", "jdbc:bindsql:frob=1");
    assertEquals(1, outcome.status());
    assertTrue(
        outcome.err().startsWith("ERROR 22023: unknown connection property 'frob'"), outcome.err());
    outcome =
        run(
            "-e",
            "SELECT 1",
            "-u",
            "jdbc:avatica:remote:url=http://127.0.0.1:1;serialization=PROTOBUF");
    assertEquals(1, outcome.status());
    assertTrue(outcome.err().startsWith("ERROR 08001: "), outcome.err());
  }

  @Test
  void remoteFailuresReadAsLocalOnes() throws Exception {
    try (BindServer server =
        BindServer.start(ServerConfig.forDatabase(folder.toString()).withPort(0))) {
      Outcome good =
          run("--format", "csv", "-e", "SELECT 1 AS a, x'0a' AS b", "-u", server.clientUrl());
      assertEquals("a,b\n1,0A\n", good.out());
      Outcome bad = run("-e", "SELECT 'a: b', nope", "-u", server.clientUrl());
      assertEquals(1, bad.status());
      assertTrue(bad.err().startsWith("ERROR 42703: Column 'nope' not found"), bad.err());
    }
  }

  @Test
  void linesOfASessionBecomeCommands() {
    assertEquals("!quit", BindSqlLine.asCommand(" Exit; "));
    assertEquals("!sql select 1;", BindSqlLine.asCommand("select 1;"));
    assertEquals("!tables", BindSqlLine.asCommand("!tables"));
    assertEquals("help", BindSqlLine.asCommand("help"));
  }
}
