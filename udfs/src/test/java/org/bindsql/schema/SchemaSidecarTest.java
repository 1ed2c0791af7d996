package org.bindsql.schema;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import org.bindsql.error.BindSqlException;
import org.junit.jupiter.api.Test;

class SchemaSidecarTest {
  private final byte[] record = new byte[2048];
  private final SchemaSidecar sidecar = SchemaSidecar.of(record).initialize();

  @Test
  void everyFieldKeepsMinimumMaximumAndMixedValues() {
    for (SchemaField field : SchemaField.values()) {
      for (int value : new int[] {field.min(), field.max(), (field.min() + field.max()) / 3}) {
        byte[] before = record.clone();
        sidecar.set(field, value);
        assertEquals(value, sidecar.get(field), field.name());
        sidecar.set(field, 0);
        assertArrayEquals(before, record, field + " touches its own bytes only");
      }
      assertThrows(BindSqlException.class, () -> sidecar.set(field, field.max() + 1));
      assertThrows(BindSqlException.class, () -> sidecar.set(field, field.min() - 1));
    }
    for (SchemaArray array : SchemaArray.values()) {
      for (int i = 0; i < array.length(); i++) {
        for (int value : new int[] {array.min(), array.max(), 77}) {
          byte[] before = record.clone();
          sidecar.set(array, i, value);
          assertEquals(value, sidecar.get(array, i), array.name());
          sidecar.set(array, i, 0);
          assertArrayEquals(before, record, array.name());
        }
      }
      assertThrows(IndexOutOfBoundsException.class, () -> sidecar.get(array, array.length()));
    }
  }

  @Test
  void allFieldsTogether() {
    Random random = new Random(7);
    int[] fields = new int[SchemaField.values().length];
    for (SchemaField field : SchemaField.values()) {
      fields[field.ordinal()] = random.nextInt(field.min(), field.max() + 1);
      sidecar.set(field, fields[field.ordinal()]);
    }
    int[][] arrays = new int[SchemaArray.values().length][];
    for (SchemaArray array : SchemaArray.values()) {
      arrays[array.ordinal()] = random.ints(array.length(), array.min(), array.max() + 1).toArray();
      for (int i = 0; i < array.length(); i++) {
        sidecar.set(array, i, arrays[array.ordinal()][i]);
      }
    }
    for (SchemaField field : SchemaField.values()) {
      assertEquals(fields[field.ordinal()], sidecar.get(field), field.name());
    }
    for (SchemaArray array : SchemaArray.values()) {
      for (int i = 0; i < array.length(); i++) {
        assertEquals(arrays[array.ordinal()][i], sidecar.get(array, i), array.name());
      }
    }
    assertTrue(sidecar.isPresent());
    assertArrayEquals(new byte[1664], Arrays.copyOf(record, 1664), "semantic words untouched");
  }

  /** Offsets written by hand from the layout's table. */
  @Test
  void layout() {
    sidecar.set(SchemaArray.ANI, 4, 0x1234);
    sidecar.set(SchemaField.FREQUENCY, 0x0102).set(SchemaField.CONFIDENCE, 0x0304);
    sidecar.set(SchemaField.PRIORITY, 0x0506).set(SchemaField.DURABILITY, 0x0708);
    sidecar.set(SchemaField.EDGE_VERB, 9).set(SchemaField.NODE_KIND, 5);
    sidecar.set(SchemaField.PROVENANCE, 0x1122).set(SchemaField.QUALITY, 0x3344);
    sidecar.set(SchemaArray.Q_VALUES, 15, -127).set(SchemaArray.REWARDS, 7, -2);
    sidecar.set(SchemaField.CLUSTER_ID, 0xABCD).set(SchemaField.OUT_DEGREE, 200);
    sidecar.setDnPath(new byte[] {1, (byte) 254});
    assertEquals(0x34, record[1672]);
    assertEquals(0x12, record[1673]);
    assertEquals(0x0708_0506_0304_0102L, word(210));
    assertEquals(0x1122_0005_0000_0009L, word(211));
    assertEquals(0x0000_0000_0002_3344L, word(212));
    assertEquals(0x0248_D200_0000_0000L, word(223));
    assertEquals(0x81, record[1807] & 0xFF);
    assertEquals(0xFFFE_0000_0000_0000L, word(227));
    assertEquals(0xFE01L, word(240));
    assertEquals(0xC800_00AB_CD00_0000L, word(248));
  }

  private long word(int word) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | (record[8 * word + i] & 0xFF);
    }
    return value;
  }

  @Test
  void quantisationKeepsThresholds() {
    assertEquals(45875, Quantiser.unit(0.7));
    assertEquals(6554, Quantiser.unit(0.1));
    assertEquals(65528, Quantiser.confidence(0.9999));
    assertEquals(65528, Quantiser.confidence(1));
    assertEquals(0, Quantiser.unit(-5));
    assertEquals(65535, Quantiser.unit(5));
    assertEquals(-127, Quantiser.q(-1));
    assertEquals(64, Quantiser.q(0.5));
    assertEquals(32767, Quantiser.reward(1));
    assertThrows(BindSqlException.class, () -> Quantiser.unit(Double.NaN));
    for (int i = 0; i <= 65535; i++) {
      assertEquals(i, Quantiser.unit(Quantiser.fromUnit(i)));
    }
    for (int i = -127; i <= 127; i++) {
      assertEquals(i, Quantiser.q(Quantiser.fromQ(i)));
    }
    for (int i = -32767; i <= 32767; i++) {
      assertEquals(i, Quantiser.reward(Quantiser.fromReward(i)));
    }
    for (int percent = 0; percent <= 100; percent++) {
      sidecar.set(SchemaField.FREQUENCY, Quantiser.unit(percent / 100.0));
      assertTrue(
          SchemaPredicate.compile("{\"nars\":{\"min_frequency\":%s}}".formatted(percent / 100.0))
              .test(sidecar));
    }
  }

  @Test
  void versions() {
    assertEquals(2, sidecar.version());
    assertTrue(sidecar.isPresent());
    record[1791] = 3;
    assertEquals(3, sidecar.version());
    assertFalse(sidecar.isPresent());
    record[1791] = 2;
    record[1789] = 0;
    assertEquals(0, sidecar.version(), "without the magic, 2 means nothing");
    record[1791] = 1;
    assertEquals(1, sidecar.version());
    assertFalse(sidecar.isPresent());
    sidecar.clear();
    assertEquals(0, sidecar.version());
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      random.nextBytes(record);
      assertFalse(sidecar.isPresent());
    }
  }

  @Test
  void tiesAndTrends() {
    assertEquals(OptionalInt.empty(), sidecar.dominantLevel());
    assertEquals(OptionalInt.empty(), sidecar.bestAction());
    sidecar.set(SchemaArray.ANI, 6, 9).set(SchemaArray.ANI, 2, 9);
    assertEquals(OptionalInt.of(2), sidecar.dominantLevel());
    for (int i = 0; i < 16; i++) {
      sidecar.set(SchemaArray.Q_VALUES, i, -128);
    }
    assertEquals(OptionalInt.of(0), sidecar.bestAction());
    assertEquals(-128, sidecar.bestQ());
    for (int i = 1; i <= 9; i++) {
      sidecar.push(SchemaArray.REWARDS, i);
    }
    assertEquals(2, sidecar.get(SchemaArray.REWARDS, 0));
    assertEquals(9, sidecar.get(SchemaArray.REWARDS, 7));
    assertEquals(2 + 3 + 4 + 5, sidecar.rewardSum(0, 4));
  }

  @Test
  void bloom() {
    assertArrayEquals(new int[] {47, 237, 171}, NeighborBloom.bits(42));
    assertArrayEquals(new int[] {177, 4, 87}, NeighborBloom.bits(298));
    assertArrayEquals(new int[] {3, 167, 75}, NeighborBloom.bits(32834));
    assertFalse(NeighborBloom.mightContain(sidecar, 42));
    assertEquals(0, NeighborBloom.cardinality(sidecar));
    NeighborBloom.add(sidecar, 42);
    assertTrue(NeighborBloom.mightContain(sidecar, 42));
    assertFalse(NeighborBloom.mightContain(sidecar, 298));
    assertEquals(1L << 47, word(244));
    assertEquals(1L << (171 - 128), word(246));
    assertEquals(1L << (237 - 192), word(247));
    assertEquals(1, NeighborBloom.cardinality(sidecar), 0.02);
    for (int i = 0; i < 32; i++) {
      sidecar.set(SchemaArray.BLOOM, i, 255);
    }
    assertEquals(Double.POSITIVE_INFINITY, NeighborBloom.cardinality(sidecar));
  }

  @Test
  void jsonRoundTrip() {
    Random random = new Random(11);
    for (int n = 0; n < 200; n++) {
      for (SchemaField field : SchemaField.values()) {
        sidecar.set(field, random.nextInt(field.min(), field.max() + 1));
      }
      sidecar.set(SchemaField.CONFIDENCE, random.nextInt(65529));
      for (SchemaArray array : SchemaArray.values()) {
        for (int i = 0; i < array.length(); i++) {
          sidecar.set(array, i, random.nextInt(array.min(), array.max() + 1));
        }
      }
      byte[] path = new byte[random.nextInt(33)];
      random.nextBytes(path);
      sidecar.setDnPath(path);
      byte[] copy = new byte[2048];
      SchemaJson.read("make_fingerprint", SchemaJson.write(sidecar), SchemaSidecar.of(copy));
      assertArrayEquals(record, copy);
    }
  }

  @Test
  void wrongLength() {
    assertThrows(BindSqlException.class, () -> SchemaSidecar.of(new byte[2047]));
    assertThrows(
        BindSqlException.class, () -> SchemaSidecar.of(MemorySegment.ofArray(new byte[1536])));
    assertThrows(BindSqlException.class, () -> sidecar.setDnPath(new byte[33]));
  }
}
