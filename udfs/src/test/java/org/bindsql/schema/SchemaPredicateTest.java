package org.bindsql.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.junit.jupiter.api.Test;

class SchemaPredicateTest {
  private static final String RECORD =
      """
      {"ani": {"analogy": 5, "social": 300},
       "nars": {"frequency": 0.7, "confidence": 0.9,
                "priority": 0.5, "durability": 0.25, "quality": 0.125},
       "edge": {"verb_id": 12, "direction": "reverse", "weight": 10,
                "flags": ["temporal", "hierarchical"]},
       "node": {"kind": "goal", "subtype": 3},
       "rl": {"q": [0,0,0,0.5, 0,0,0,0, 0,0,0,0, 0,0,0,0],
              "rewards": [0,0,0,0, 0,0,0.5,0.3]},
       "dn": {"path": [1, 2, 200]}, "bloom": {"neighbors": [42]},
       "graph": {"pagerank": 10, "hop_to_root": 4, "cluster_id": 7,
                 "degree": 5, "in_degree": 2, "out_degree": 3}}
      """;

  private final SchemaSidecar full = SchemaSidecar.of(new byte[2048]);
  private final SchemaSidecar none = SchemaSidecar.of(new byte[2048]);

  SchemaPredicateTest() {
    SchemaJson.read("make_fingerprint", RECORD, full);
  }

  private void passes(String json) {
    assertTrue(SchemaPredicate.compile(json).test(full), json);
    assertFalse(SchemaPredicate.compile(json).test(none), json);
    assertFalse(SchemaPredicate.compile("{\"not\":" + json + "}").test(full), json);
    assertFalse(SchemaPredicate.compile("{\"not\":" + json + "}").test(none), json);
  }

  private void fails(String json) {
    assertFalse(SchemaPredicate.compile(json).test(full), json);
    assertFalse(SchemaPredicate.compile(json).test(none), json);
    assertTrue(SchemaPredicate.compile("{\"not\":" + json + "}").test(full), json);
    assertFalse(SchemaPredicate.compile("{\"not\":" + json + "}").test(none), json);
  }

  @Test
  void everyMember() {
    passes("{\"ani\":{\"level\":5}}");
    passes("{\"ani\":{\"min_level\":\"social\",\"min_activation\":300}}");
    fails("{\"ani\":{\"min_level\":5,\"min_activation\":301}}");
    fails("{\"ani\":{\"level\":0}}");
    passes("{\"ani\":{\"level\":0,\"min_activation\":0}}");
    passes("{\"ani\":{\"any_min_activation\":300}}");
    fails("{\"ani\":{\"any_min_activation\":301}}");
    passes("{\"ani\":{\"dominant\":\"social\"}}");
    fails("{\"ani\":{\"dominant\":2}}");
    passes("{\"nars\":{\"min_frequency\":0.7,\"max_frequency\":0.7}}");
    fails("{\"nars\":{\"min_frequency\":0.71}}");
    fails("{\"nars\":{\"max_frequency\":0.69}}");
    passes("{\"nars\":{\"min_confidence\":0.9}}");
    fails("{\"nars\":{\"min_confidence\":1}}");
    passes("{\"nars\":{\"min_priority\":0.5,\"min_durability\":0.25,\"min_quality\":0.125}}");
    fails("{\"nars\":{\"min_priority\":0.6}}");
    fails("{\"nars\":{\"min_durability\":0.26}}");
    fails("{\"nars\":{\"min_quality\":0.126}}");
    passes("{\"nars\":{\"min_expectation\":0.68}}");
    fails("{\"nars\":{\"min_expectation\":0.681}}");
    passes("{\"graph\":{\"cluster_id\":7}}");
    passes("{\"graph\":{\"cluster\":[6,7],\"min_pagerank\":10,\"max_hop\":4}}");
    fails("{\"graph\":{\"cluster\":[6,8]}}");
    fails("{\"graph\":{\"min_pagerank\":11}}");
    fails("{\"graph\":{\"max_hop\":3}}");
    passes(
        "{\"graph\":{\"min_degree\":5,\"max_degree\":5,\"min_in_degree\":2,\"min_out_degree\":3}}");
    fails("{\"graph\":{\"min_degree\":6}}");
    fails("{\"graph\":{\"max_degree\":4}}");
    fails("{\"graph\":{\"min_in_degree\":3}}");
    fails("{\"graph\":{\"min_out_degree\":4}}");
    passes(
        "{\"rl\":{\"min_best_q\":0.5,\"best_action\":3,\"min_avg_reward\":0.0999,\"positive_trend\":true}}");
    fails("{\"rl\":{\"min_best_q\":0.6}}");
    fails("{\"rl\":{\"best_action\":0}}");
    fails("{\"rl\":{\"min_avg_reward\":0.11}}");
    fails("{\"rl\":{\"positive_trend\":false}}");
    passes("{\"kind\":{\"kinds\":[\"goal\",0],\"verb_ids\":[12],\"subtype\":3}}");
    passes("{\"kind\":{\"kinds\":[],\"verb_ids\":[12]}}");
    fails("{\"kind\":{\"kinds\":[\"rule\"]}}");
    fails("{\"kind\":{\"verb_ids\":[1]}}");
    fails("{\"kind\":{\"subtype\":4}}");
    passes("{\"edge\":{\"verb_ids\":[12,13],\"direction\":\"reverse\",\"min_weight\":10}}");
    fails("{\"edge\":{\"direction\":1}}");
    fails("{\"edge\":{\"min_weight\":11}}");
    passes("{\"edge\":{\"flags_all\":[\"temporal\",\"hierarchical\"],\"flags_any\":3}}");
    fails("{\"edge\":{\"flags_all\":3}}");
    fails("{\"edge\":{\"flags_any\":[\"causal\",\"associative\"]}}");
    passes("{\"bloom\":{\"neighbor\":42}}");
    passes("{\"bloom\":{\"node_id\":[298,42],\"mode\":\"any\"}}");
    fails("{\"bloom\":{\"neighbor\":[298,42]}}");
    fails("{\"bloom\":{\"neighbor\":[298,32834],\"mode\":\"any\"}}");
    passes("{\"dn\":{\"prefix\":[1,2,200]}}");
    passes("{\"dn\":{\"prefix\":[1]}}");
    fails("{\"dn\":{\"prefix\":[2]}}");
    fails("{\"dn\":{\"prefix\":[1,2,200,0]}}");
  }

  @Test
  void combinators() {
    passes("{\"any\":[{\"graph\":{\"min_degree\":10}},{\"bloom\":{\"neighbor\":42}}]}");
    fails("{\"any\":[{\"graph\":{\"min_degree\":10}},{\"bloom\":{\"neighbor\":298}}]}");
    passes(
        "{\"all\":[{\"graph\":{\"min_degree\":1}},{\"nars\":{\"min_confidence\":0.5}}],\"ani\":{\"level\":2}}");
    fails("{\"all\":[{\"graph\":{\"min_degree\":1}}],\"ani\":{\"level\":1}}");
    passes("{\"not\":{\"any\":[{\"not\":{\"ani\":{\"level\":5}}}]}}");
    assertTrue(SchemaPredicate.compile("{}").test(full));
    assertFalse(SchemaPredicate.compile("{}").test(none));
  }

  @Test
  void version() {
    assertTrue(SchemaPredicate.compile("{\"version\":2}").test(full));
    assertTrue(SchemaPredicate.compile("{\"version\":{\"min\":1}}").test(full));
    assertTrue(SchemaPredicate.compile("{\"version\":0}").test(none));
    assertFalse(SchemaPredicate.compile("{\"version\":{\"min\":1}}").test(none));
    assertFalse(
        SchemaPredicate.compile("{\"version\":0,\"ani\":{\"level\":0,\"min_activation\":0}}")
            .test(none));
    assertFalse(SchemaPredicate.compile("{\"any\":[{\"version\":0}]}").test(none));
  }

  @Test
  void errorsNameThePath() {
    error(
        "{\"foo\":1}",
        "schema_passes: unknown key $.foo, expected one of all, ani, any, bloom, dn, edge, graph, kind, nars, not, rl, version");
    error(
        "{\"ani\":{\"level\":9}}",
        "schema_passes: $.ani.level 9 is out of range, expected an integer from 0 to 7");
    error(
        "{\"ani\":{\"level\":\"big\"}}",
        "schema_passes: $.ani.level is \"big\", expected one of reactive, memory, analogy, planning, meta, social, creative, abstract");
    error(
        "{\"ani\":{\"level\":5.0}}",
        "schema_passes: $.ani.level is 5.0, expected an integer from 0 to 7");
    error(
        "{\"ani\":{\"min_activation\":5}}",
        "schema_passes: $.ani is {\"min_activation\":5}, expected a level beside min_activation");
    error(
        "{\"ani\":{\"level\":1,\"min_level\":1}}",
        "schema_passes: $.ani.min_level is 1, expected only one of level and min_level");
    error("{\"ani\":{}}", "schema_passes: $.ani is {}, expected at least one condition");
    error("{\"ani\":[]}", "schema_passes: $.ani is [], expected an object");
    error(
        "{\"nars\":{\"min_confidence\":1.5}}",
        "schema_passes: $.nars.min_confidence 1.5 is out of range, expected a number from 0 to 1");
    error("{\"nars\":{\"min_confidence\":1e999}}", "schema_passes: $.nars.min_confidence");
    error(
        "{\"nars\":{\"min_confidence\":\"0.5\"}}",
        "schema_passes: $.nars.min_confidence is \"0.5\", expected a number from 0 to 1");
    error(
        "{\"rl\":{\"positive_trend\":1}}",
        "schema_passes: $.rl.positive_trend is 1, expected true or false");
    error("{\"any\":[]}", "schema_passes: $.any is [], expected at least one predicate");
    error("{\"all\":{}}", "schema_passes: $.all is {}, expected an array");
    error(
        "{\"any\":[{\"ani\":{\"level\":1}},{}]}",
        "schema_passes: $.any[1] is {}, expected a predicate with at least one member");
    error(
        "{\"not\":{}}",
        "schema_passes: $.not is {}, expected a predicate with at least one member");
    error("{\"bloom\":{}}", "schema_passes: $.bloom is {}, expected a neighbor");
    error(
        "{\"bloom\":{\"neighbor\":[]}}",
        "schema_passes: $.bloom.neighbor is [], expected at least one value");
    error("{\"bloom\":{\"neighbor\":-1}}", "schema_passes: $.bloom.neighbor -1 is out of range");
    error("{\"dn\":{\"prefix\":[]}}", "schema_passes: $.dn.prefix is [], expected 1 to 32 bytes");
    error(
        "{\"dn\":{\"prefix\":[256]}}",
        "schema_passes: $.dn.prefix[0] 256 is out of range, expected an integer from 0 to 255");
    error(
        "{\"version\":{}}",
        "schema_passes: $.version is {}, expected a version or {\"min\": version}");
    error(
        "{\"kind\":{\"kinds\":[]}}",
        "schema_passes: $.kind is {\"kinds\":[]}, expected at least one condition");
    error("[]", "schema_passes: $ is [], expected an object");
    error("null", "schema_passes: $ is null, expected an object");
  }

  private static void error(String json, String message) {
    BindSqlException e =
        assertThrows(BindSqlException.class, () -> SchemaPredicate.compile(json), json);
    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
    assertEquals(ErrorCode.BAD_ARGUMENT, e.code(), json);
  }

  @Test
  void textThatIsNotJson() {
    for (String json :
        List.of(
            "",
            " ",
            "{",
            "{\"ani\":{\"level\":1}} {}",
            "{\"ani\":1,\"ani\":1}",
            "{'ani':1}",
            "{\"ani\":{\"level\":01}}",
            "{\"a\":NaN}",
            "{\"any\":" + "[".repeat(70),
            "{\"a\":" + "1".repeat(70) + "}",
            "{\"a\":\"" + "x".repeat(70_000) + "\"}")) {
      BindSqlException e =
          assertThrows(BindSqlException.class, () -> SchemaPredicate.compile(json), json);
      assertTrue(String.valueOf(e.getMessage()).startsWith("schema_passes: "), e.getMessage());
      assertEquals(json.isBlank() ? e.code() : ErrorCode.SYNTAX, e.code(), json);
    }
    String wide = "{\"graph\":{\"cluster_id\":[" + "1,".repeat(2000) + "1]}}";
    assertEquals(
        ErrorCode.LIMIT_REACHED,
        assertThrows(BindSqlException.class, () -> SchemaPredicate.compile(wide)).code());
    String longText = " ".repeat(300_000) + "{}";
    assertEquals(
        ErrorCode.LIMIT_REACHED,
        assertThrows(BindSqlException.class, () -> SchemaPredicate.compile(longText)).code());
  }

  /** Mutations of good predicates either compile or fail as a bad argument; nothing else. */
  @Test
  void hostileTexts() {
    long seed = Long.getLong("tests.seed", 42);
    System.out.println("tests.seed=" + seed);
    Random random = new Random(seed);
    List<String> good =
        List.of(
            "{\"ani\":{\"min_level\":5,\"min_activation\":300}}",
            "{\"any\":[{\"bloom\":{\"neighbor\":[1,2],\"mode\":\"any\"}},{\"not\":{\"dn\":{\"prefix\":[1]}}}]}",
            "{\"nars\":{\"min_confidence\":0.7},\"graph\":{\"cluster_id\":[42,1]},\"rl\":{\"positive_trend\":true}}",
            "{\"edge\":{\"flags_all\":[\"causal\"],\"direction\":\"both\"},\"version\":{\"min\":2}}",
            "{\"kind\":{\"kinds\":[\"goal\",1],\"verb_ids\":[],\"subtype\":[1,2]}}");
    String alphabet = "{}[]\",:0123456789.eE-+\\utrufalsn \u0000\uD800é";
    int compiled = 0;
    for (int n = 0; n < 10_000; n++) {
      StringBuilder text = new StringBuilder(good.get(random.nextInt(good.size())));
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(4));
        String piece =
            switch (random.nextInt(4)) {
              case 0 -> "";
              case 1 -> text.substring(at, end).repeat(3);
              case 2 -> good.get(random.nextInt(good.size()));
              default -> String.valueOf(alphabet.charAt(random.nextInt(alphabet.length())));
            };
        text.replace(at, end, piece);
      }
      try {
        SchemaPredicate.compile(text.toString()).test(full);
        compiled++;
      } catch (BindSqlException e) {
        assertTrue(
            List.of(ErrorCode.SYNTAX, ErrorCode.BAD_ARGUMENT, ErrorCode.LIMIT_REACHED)
                .contains(e.code()),
            text.toString());
      }
    }
    assertTrue(compiled > 100, "some compile: " + compiled);
  }
}
