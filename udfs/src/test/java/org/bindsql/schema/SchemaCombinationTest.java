package org.bindsql.schema;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.bindsql.error.BindSqlException;
import org.junit.jupiter.api.Test;

class SchemaCombinationTest {
  private static final String A =
      """
      {"ani": {"reactive": 5, "abstract": 100},
       "nars": {"frequency": 0.9, "confidence": 0.8,
                "priority": 0.5, "durability": 0.25, "quality": 0.125},
       "edge": {"verb_id": 12, "direction": "reverse", "weight": 10, "flags": ["temporal"]},
       "node": {"kind": "goal", "subtype": 3, "provenance": 255},
       "rl": {"q": [0,0,0,0, 0,0,0,0, 0,0,0,0, 0,0,0,1],
              "rewards": [0,0,0,0, 0,0,0,0.5]},
       "plasticity": {"spike_times": [1,2,3,4, 5,6,7,8], "hebbian": [0,0,0,0, 0,0,0,1]},
       "dn": {"path": [1, 2]}, "bloom": {"neighbors": [42]},
       "graph": {"pagerank": 10, "hop_to_root": 4, "cluster_id": 7,
                 "degree": 1, "in_degree": 2, "out_degree": 3}}
      """;
  private static final String B =
      """
      {"ani": {"reactive": 6},
       "nars": {"frequency": 0.6, "confidence": 0.7,
                "priority": 0.5, "durability": 1, "quality": 1},
       "edge": {"verb_id": 10, "direction": "forward", "weight": 13, "flags": ["causal"]},
       "node": {"kind": "rule", "subtype": 5, "provenance": 256},
       "rl": {"q": [0,0,0,0, 0,0,0,0, 0,0,0,0, 0,0,0,-0.5],
              "rewards": [1,0,0,0, 0,0,0,0]},
       "plasticity": {"spike_times": [9,9,9,9, 9,9,9,9]},
       "dn": {"path": [9]}, "bloom": {"neighbors": [298]},
       "graph": {"pagerank": 9, "hop_to_root": 3, "cluster_id": 8,
                 "degree": 2, "in_degree": 1, "out_degree": 300}}
      """;

  private static byte[] record(int seed, String json) {
    byte[] record = new byte[2048];
    new Random(seed).nextBytes(record);
    SchemaJson.read("make_fingerprint", json, SchemaSidecar.of(record));
    return record;
  }

  private static MemorySegment memory(byte[] record) {
    return MemorySegment.ofArray(record);
  }

  @Test
  void bind() {
    byte[] a = record(1, A);
    byte[] b = record(2, B);
    byte[] bound = SchemaCombination.bind(memory(a), memory(b));
    for (int i = 0; i < 1664; i++) {
      assertEquals(a[i] ^ b[i], bound[i]);
    }
    assertEquals(
        """
        {"version":2,\
        "ani":{"reactive":6,"memory":0,"analogy":0,"planning":0,"meta":0,"social":0,\
        "creative":0,"abstract":100},\
        "nars":{"frequency":%s,"confidence":%s,\
        "priority":%s,"durability":%s,"quality":%s},\
        "edge":{"verb_id":6,"direction":"reverse","weight":11,"flags":["temporal","causal"]},\
        "node":{"kind":"goal","subtype":6,"provenance":511},\
        "rl":{"q":[0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0],\
        "rewards":[0.0,0.0,0.0,0.0,0.0,0.0,0.0,%s]},\
        "plasticity":{"spike_times":[1,2,3,4,5,6,7,8],\
        "hebbian":[0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0]},\
        "dn":{"path":[]},"bloom":{"bits":"%s"},\
        "graph":{"pagerank":0,"hop_to_root":0,"cluster_id":0,"degree":0,"in_degree":0,\
        "out_degree":0}}\
        """
            .formatted(
                51738 / 65535.0,
                56599 / 65535.0,
                32768 / 65535.0,
                16384 / 65535.0,
                8192 / 65535.0,
                16384 / 32767.0,
                "0".repeat(64)),
        SchemaJson.write(SchemaSidecar.of(bound)));
  }

  @Test
  void merge() {
    byte[] a = record(1, A);
    byte[] merged = SchemaCombination.merge(memory(a), memory(record(2, B)));
    assertArrayEquals(Arrays.copyOf(a, 1664), Arrays.copyOf(merged, 1664));
    SchemaSidecar m = SchemaSidecar.of(merged);
    assertEquals(6, m.get(SchemaArray.ANI, 0));
    assertEquals(100, m.get(SchemaArray.ANI, 7));
    assertEquals(51738, m.get(SchemaField.FREQUENCY));
    assertEquals(65535, m.get(SchemaField.DURABILITY));
    assertEquals(65535, m.get(SchemaField.QUALITY));
    assertEquals(12, m.get(SchemaField.EDGE_VERB));
    assertEquals(4, m.get(SchemaField.NODE_KIND));
    assertEquals((127 - 63) / 2, m.get(SchemaArray.Q_VALUES, 15));
    assertEquals(32767, m.get(SchemaArray.REWARDS, 0), "rewards of the side with the greater sum");
    assertEquals(1, m.get(SchemaArray.SPIKE_TIMES, 0));
    assertEquals(2, m.get(SchemaField.DN_DEPTH));
    assertEquals(10, m.get(SchemaField.PAGERANK));
    assertEquals(3, m.get(SchemaField.HOP_TO_ROOT));
    assertEquals(7, m.get(SchemaField.CLUSTER_ID));
    assertEquals(255, m.get(SchemaField.OUT_DEGREE));
    assertEquals(true, NeighborBloom.mightContain(m, 42) && NeighborBloom.mightContain(m, 298));
  }

  @Test
  void missingSchemas() {
    byte[] a = record(1, A);
    byte[] plain = new byte[2048];
    new Random(3).nextBytes(plain);
    byte[] bound = SchemaCombination.bind(memory(plain), memory(plain));
    assertArrayEquals(new byte[2048], bound, "no schema on either side: none");
    SchemaSidecar half = SchemaSidecar.of(SchemaCombination.bind(memory(a), memory(plain)));
    assertEquals(2, half.version());
    assertEquals(SchemaSidecar.of(a).get(SchemaField.FREQUENCY), half.get(SchemaField.FREQUENCY));
    byte[] merged = SchemaCombination.merge(memory(plain), memory(a));
    assertEquals(SchemaJson.write(SchemaSidecar.of(a)), SchemaJson.write(SchemaSidecar.of(merged)));
    assertArrayEquals(a, SchemaCombination.merge(memory(a), memory(plain)));
    assertFalse(
        SchemaSidecar.of(SchemaCombination.merge(memory(plain), memory(plain))).isPresent());
  }

  @Test
  void newerVersionIsNotRewritten() {
    byte[] a = record(1, A);
    byte[] newer = a.clone();
    newer[1791] = 3;
    assertThrows(BindSqlException.class, () -> SchemaCombination.bind(memory(a), memory(newer)));
    assertThrows(BindSqlException.class, () -> SchemaCombination.merge(memory(newer), memory(a)));
  }
}
