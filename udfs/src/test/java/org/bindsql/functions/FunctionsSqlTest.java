package org.bindsql.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.schema.SchemaJson;
import org.bindsql.schema.SchemaSidecar;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every function in plain Calcite: of columns, literals, parameters and NULL, and folded. */
class FunctionsSqlTest {
  private static final String SCHEMA =
      """
      {"ani": {"social": 300}, "nars": {"frequency": 0.25, "confidence": 0.5},
       "rl": {"q": [0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0]}, "bloom": {"neighbors": [42]},
       "graph": {"pagerank": 9, "hop_to_root": 8, "cluster_id": 7, "degree": 6,
                 "in_degree": 5, "out_degree": 4}}\
      """;
  private static final byte[] WITH_SCHEMA = withSchema();
  private static final byte[] PLAIN = Codes.code(1, 2048);

  /** Columns: r record with schema, p record without, b 5 bytes, s text, j JSON, i 3, d 0.5. */
  private static final Sql SQL =
      new Sql(
          List.of("r", "p", "b", "s", "j", "i", "d"),
          List.of(
              SqlTypeName.BINARY,
              SqlTypeName.BINARY,
              SqlTypeName.BINARY,
              SqlTypeName.VARCHAR,
              SqlTypeName.VARCHAR,
              SqlTypeName.INTEGER,
              SqlTypeName.DOUBLE),
          List.of(2048, 2048, 5, -1, -1, -1, -1),
          List.<@Nullable Object[]>of(
              new Object[] {WITH_SCHEMA, PLAIN, new byte[] {1, 2, 3, 4, 5}, "abc", "{}", 3, 0.5}));

  private static byte[] withSchema() {
    byte[] record = Codes.code(2, 2048);
    SchemaJson.read("test", SCHEMA, SchemaSidecar.of(record));
    return record;
  }

  /** A call with its arguments as columns and its result; binary results as SHA-256. */
  private record Example(String function, List<String> columns, Object result) {
    String call(List<String> arguments) {
      // PERMUTE is a reserved word of Calcite's own grammar.
      String name = function.equals("permute") ? "\"permute\"" : function;
      return name + "(" + String.join(", ", arguments) + ")";
    }
  }

  private static Example example(String function, String columns, Object result) {
    return new Example(function, List.of(columns.split(",")), result);
  }

  private static final List<Example> EXAMPLES =
      List.of(
          example("hamming_distance", "r,p", hamming(WITH_SCHEMA, PLAIN, 2048)),
          example("hamming", "b,b", 0),
          example("semantic_distance", "r,p", hamming(WITH_SCHEMA, PLAIN, 1664)),
          example("similarity", "b,b", 1.0),
          example("vector_similarity", "b,b", 1.0),
          example("popcount", "b", 7),
          example("popcount", "i", 2),
          example("xor_bind", "b,b", "0000000000"),
          example("vector_bind", "b,b", "0000000000"),
          example("xor_unbind", "b,b", "0000000000"),
          example("xor_bind3", "b,b,b", "0102030405"),
          example("semantic_xor_bind", "r,p", semanticXor()),
          example("semantic_xor_unbind", "r,p", semanticXor()),
          example("bundle", "b,b,b", "0102030405"),
          example("semantic_bundle", "r,p", HexFormat.of().formatHex(WITH_SCHEMA)),
          example("permute", "b,i", "0810182028"),
          example("vector_permute", "b,i", "0810182028"),
          example("semantic_permute", "r,i", permuted()),
          example("analogy", "b,b,b", "0102030405"),
          example("schema_passes", "r,j", true),
          example("schema_passes", "p,j", false),
          example("ani_level", "r,i", 0),
          example("ani_dominant", "r", (short) 5),
          example("nars_truth", "r", List.of(0.25000382f, 0.5000076f)),
          example("nars_f", "r", 0.25000382f),
          example("nars_c", "r", 0.5000076f),
          example("schema_version", "r", (short) 2),
          example("schema_version", "p", (short) 0),
          example("schema_json", "r", SchemaJson.write(SchemaSidecar.of(WITH_SCHEMA))),
          example("extract_scent", "b", "0102030405"),
          example("scent_distance", "b,b", 0),
          example("belichtung", "r,p", 8192),
          example("word_diff", "b,b", 0),
          example("mexican_hat", "i", 1 - 3 / 2000.0),
          example("mexican_hat", "i,d,i,d", 0.0),
          example("cascade_filter", "b,b,i", 0),
          example("bloom_score", "i,TRUE,d", 1),
          example("bloom_score", "i,FALSE,d", 3),
          example("rl_score", "i,16,d,d", 0.5 * 3 / 16 + 0.5 * 0.5 / 2),
          example("bloom_might_contain", "r,i", false),
          example("best_action", "r", 3),
          example("best_q", "r", 1f),
          example("graph_metrics", "r", List.of(9, 8, 7, 6, 5, 4)),
          example("schema_bind", "p,p", "00".repeat(2048)),
          example("schema_merge", "r,p", HexFormat.of().formatHex(WITH_SCHEMA)),
          example("nars_deduction", "d,d,d,d", List.of(0.25, 0.0625)),
          example("nars_revision", "d,d,d,d", List.of(0.5, 2 / 3.0)),
          example("nars_induction", "d,d,d,d", List.of(0.5, 0.125)),
          example("nars_abduction", "d,d,d,d", List.of(0.5, 0.125)),
          example("nars_analogy", "d,d,d,d", List.of(0.25, 0.125)),
          example("nars_comparison", "d,d,d,d", List.of(0.25 / 0.75, 0.25 * (0.25 / 0.75))),
          example("nars_negation", "d,d", List.of(0.5, 0.5)),
          example("nars_intersection", "d,d,d,d", List.of(0.25, 0.25)),
          example("nars_union", "d,d,d,d", List.of(0.75, 0.25)),
          example("nars_expectation", "d,d", 0.5),
          example("text_fingerprint", "s", HexFormat.of().formatHex(TextFingerprint.of("abc"))),
          example(
              "fingerprint_of", "s", HexFormat.of().formatHex(TextFingerprint.ofContent("abc"))),
          example("make_fingerprint", "p,j", made()),
          example("l2_distance", "ARRAY[d],ARRAY[i]", 2.5),
          example("cosine_distance", "ARRAY[d],ARRAY[i]", 0.0),
          example("inner_product", "ARRAY[d],ARRAY[i]", 1.5));

  private static int hamming(byte[] a, byte[] b, int bytes) {
    int distance = 0;
    for (int i = 0; i < bytes; i++) {
      distance += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
    }
    return distance;
  }

  private static String semanticXor() {
    byte[] result = WITH_SCHEMA.clone();
    for (int i = 0; i < 1664; i++) {
      result[i] ^= PLAIN[i];
    }
    return HexFormat.of().formatHex(result);
  }

  private static String permuted() {
    byte[] result = WITH_SCHEMA.clone();
    for (int i = 0; i < 1664; i++) {
      result[i] =
          (byte) ((WITH_SCHEMA[i] & 0xFF) << 3 | (WITH_SCHEMA[(i + 1663) % 1664] & 0xFF) >>> 5);
    }
    return HexFormat.of().formatHex(result);
  }

  private static String made() {
    byte[] result = PLAIN.clone();
    SchemaSidecar.of(result).initialize();
    return HexFormat.of().formatHex(result);
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case Object[] row -> List.of(row);
      case null -> null;
      default -> value;
    };
  }

  @Test
  void everyFunctionHasAnExampleAndAConstant() throws ReflectiveOperationException {
    Set<String> names = new HashSet<>();
    for (SqlOperator operator : Functions.ALL) {
      assertTrue(names.add(operator.getName().toLowerCase(Locale.ROOT)), operator.getName());
      assertSame(operator, Functions.class.getField(operator.getName()).get(null));
    }
    Set<String> shown = EXAMPLES.stream().map(Example::function).collect(Collectors.toSet());
    shown.add("bundle_agg");
    assertEquals(names, shown);
    assertSame(Functions.HAMMING_DISTANCE, Functions.canonical(Functions.HAMMING));
    assertSame(Functions.PERMUTE, Functions.canonical(Functions.PERMUTE));
  }

  @Test
  void columns() {
    for (Example example : EXAMPLES) {
      String call = example.call(example.columns());
      assertEquals(example.result(), plain(SQL.value("SELECT " + call + " FROM t")), call);
    }
  }

  @Test
  void parametersInEveryPlace() {
    for (Example example : EXAMPLES) {
      if (example.columns().getFirst().startsWith("ARRAY")
          || example.call(example.columns()).equals("popcount(i)")) {
        continue; // arrays below; a bare parameter of popcount is binary
      }
      for (int i = 0; i < example.columns().size(); i++) {
        List<String> arguments = new ArrayList<>(example.columns());
        @Nullable Object value = SQL.value("SELECT " + arguments.get(i) + " FROM t");
        arguments.set(i, "?");
        String call = example.call(arguments);
        assertEquals(example.result(), plain(SQL.value("SELECT " + call + " FROM t", value)), call);
        assertNull(SQL.value("SELECT " + call + " FROM t", new @Nullable Object[] {null}), call);
        // Where Calcite's own inference does not look.
        SQL.plan("SELECT i FROM t GROUP BY i HAVING COUNT(" + call + ") > 0");
        if (!(example.result() instanceof List)) {
          SQL.plan("SELECT i FROM t ORDER BY " + call); // Calcite does not sort by a ROW
        }
        SQL.plan("SELECT COUNT(" + call + ") FROM t");
        SQL.plan("SELECT i FROM t WHERE " + call + " IS NOT NULL");
        SQL.plan("SELECT CASE WHEN i > 0 THEN " + call + " END FROM t");
      }
      SQL.plan("SELECT COUNT(" + example.call(allParameters(example)) + ") FROM t");
    }
    assertEquals(
        5.0, SQL.value("SELECT l2_distance(?, ?) FROM t", List.of(0f, 0f), List.of(3.0, 4.0)));
  }

  private static List<String> allParameters(Example example) {
    return Collections.nCopies(example.columns().size(), "?");
  }

  @Test
  void nullLiterals() {
    for (Example example : EXAMPLES) {
      for (int i = 0; i < example.columns().size(); i++) {
        List<String> arguments = new ArrayList<>(example.columns());
        arguments.set(i, "NULL");
        String call = example.call(arguments);
        assertNull(SQL.value("SELECT " + call + " FROM t"), call);
      }
    }
  }

  @Test
  void constantCallsFold() {
    for (Example example : EXAMPLES) {
      if (example.result() instanceof List) {
        continue; // Calcite keeps constant ROWs as calls
      }
      List<String> arguments = new ArrayList<>();
      for (String column : example.columns()) {
        arguments.add(literal(column));
      }
      String call = example.call(arguments);
      assertEquals(
          example.result(), plain(SQL.value("SELECT " + call + " FROM t")), example.function());
      String plan = SQL.folded("SELECT " + call + " FROM t");
      if (!example.columns().getFirst().startsWith("ARRAY")) {
        assertTrue(
            !plan.toLowerCase(Locale.ROOT).contains(example.function() + "("),
            () -> example.function() + ": " + plan.substring(0, Math.min(200, plan.length())));
      }
    }
  }

  private static String literal(String column) {
    return switch (column) {
      case "r" -> "X'" + HexFormat.of().formatHex(WITH_SCHEMA) + "'";
      case "p" -> "X'" + HexFormat.of().formatHex(PLAIN) + "'";
      case "b" -> "X'0102030405'";
      case "s" -> "'abc'";
      case "j" -> "'{}'";
      case "i" -> "3";
      case "d" -> "0.5";
      default -> column.replace("d", "0.5").replace("i", "3");
    };
  }

  @Test
  void rowFields() {
    assertEquals(0.25000382f, SQL.value("SELECT nars_truth(r).f FROM t"));
    assertEquals(0.5000076f, SQL.value("SELECT (nars_truth(r)).c FROM t"));
    assertNull(SQL.value("SELECT nars_truth(p).f FROM t"));
    assertEquals(
        7, SQL.value("SELECT x.g.cluster_id FROM (SELECT graph_metrics(r) AS g FROM t) x"));
    assertEquals(1L, SQL.value("SELECT COUNT(*) FROM t WHERE graph_metrics(r).degree = 6"));
    assertEquals(0.25, SQL.value("SELECT nars_deduction(d, d, d, d).f FROM t"));
  }

  @Test
  void schemaJsonIsReadable() {
    assertEquals("6", SQL.value("SELECT JSON_VALUE(schema_json(r), '$.graph.degree') FROM t"));
    assertNull(SQL.value("SELECT schema_json(p) FROM t"));
    assertNull(SQL.value("SELECT bloom_might_contain(p, 42) FROM t"));
    assertEquals(true, SQL.value("SELECT bloom_might_contain(r, 42) FROM t"));
  }

  @Test
  void bundleAggregate() {
    String values =
        "(VALUES (1, X'0102'), (1, X'0103'), (2, X'FF00'), (3, X'FF0F'), (3, X'00FF'), (3, X'0F00'))"
            + " AS v(g, x)";
    assertEquals(
        "[[1, 0102], [2, ff00], [3, 0f0f]]",
        SQL.rows("SELECT g, bundle_agg(x) FROM " + values + " GROUP BY g ORDER BY g").stream()
            .map(row -> row.stream().map(FunctionsSqlTest::plain).toList())
            .toList()
            .toString());
    assertNull(SQL.value("SELECT bundle_agg(x) FROM " + values + " WHERE g > 9"));
    assertEquals(
        "0102",
        plain(
            SQL.value(
                "SELECT bundle_agg(xor_bind(x, ?)) FROM " + values + " WHERE g = 1", new byte[2])));
    assertEquals(
        "bundle_agg: codes differ in length: 1 and 2 bytes",
        SQL.error(
            "SELECT bundle_agg(x) FROM (VALUES (CAST(X'01' AS VARBINARY)),"
                + " (CAST(X'0102' AS VARBINARY))) AS v(x)"));
    // A tie takes the smallest code's bit, whatever the order of rows.
    List<byte[]> codes =
        List.of(Codes.code(4, 2048), Codes.code(3, 2048), Codes.code(2, 2048), PLAIN);
    List<@Nullable Object[]> rows = new ArrayList<>();
    codes.forEach(code -> rows.add(new Object[] {code}));
    Sql four = new Sql(List.of("c"), List.of(SqlTypeName.BINARY), List.of(2048), rows);
    byte[] bundled = (byte[]) four.value("SELECT bundle_agg(c) FROM t");
    assertEquals(
        "de50145f7422a1721e06eebba83a75b93539c57200116236fb60b624e3af636d",
        Codes.sha256(bundled == null ? new byte[0] : bundled));
  }

  @Test
  void literalJsonIsCheckedBeforeTheQueryRuns() {
    assertEquals(
        "schema_passes: unknown key $.ani.levl, expected one of any_min_activation, dominant,"
            + " level, min_activation, min_level",
        SQL.failure("SELECT 1 FROM t WHERE schema_passes(r, '{\"ani\":{\"levl\":3}}')"));
    assertTrue(
        SQL.failure("SELECT make_fingerprint(p, '{\"grph\":1}') FROM t")
            .startsWith("make_fingerprint: unknown key $.grph"));
    assertTrue(
        SQL.error("SELECT schema_passes(r, ?) FROM t", "{\"ani\":{\"levl\":3}}")
            .startsWith("schema_passes: unknown key $.ani.levl"));
  }
}
