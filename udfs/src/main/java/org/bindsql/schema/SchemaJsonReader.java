package org.bindsql.schema;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Writes what a JSON document says into a sidecar. */
final class SchemaJsonReader {
  private static final int LEAST_Q = -128;
  private static final int LEAST_REWARD = -32768;

  private final SchemaSidecar sidecar;

  private SchemaJsonReader(SchemaSidecar sidecar) {
    this.sidecar = sidecar;
  }

  static void read(JsonValue document, SchemaSidecar sidecar) {
    SchemaJsonReader reader = new SchemaJsonReader(sidecar.initialize());
    Map<String, JsonValue> members =
        document.members(
            Set.of(
                "version",
                "ani",
                "nars",
                "edge",
                "node",
                "rl",
                "plasticity",
                "dn",
                "bloom",
                "graph"));
    members.forEach(reader::member);
  }

  private void member(String key, JsonValue value) {
    switch (key) {
      case "version" -> value.integer(SchemaSidecar.VERSION, SchemaSidecar.VERSION);
      case "ani" -> ani(value);
      case "nars" -> nars(value);
      case "edge" -> edge(value);
      case "node" -> node(value);
      case "rl" -> rl(value);
      case "plasticity" -> plasticity(value);
      case "dn" -> dn(value);
      case "bloom" -> bloom(value);
      default -> graph(value);
    }
  }

  private void ani(JsonValue value) {
    value
        .members(Set.copyOf(SchemaNames.LEVELS))
        .forEach((key, level) ->
            sidecar.set(SchemaArray.ANI, SchemaNames.LEVELS.indexOf(key), level.integer(0, 65535)));
  }

  private void nars(JsonValue value) {
    Map<String, JsonValue> keys =
        value.members(Set.of("frequency", "confidence", "priority", "durability", "quality"));
    set(keys.get("frequency"), SchemaField.FREQUENCY, SchemaJsonReader::unit);
    set(
        keys.get("confidence"),
        SchemaField.CONFIDENCE,
        json -> Quantiser.confidence(json.real(0, 1)));
    set(keys.get("priority"), SchemaField.PRIORITY, SchemaJsonReader::unit);
    set(keys.get("durability"), SchemaField.DURABILITY, SchemaJsonReader::unit);
    set(keys.get("quality"), SchemaField.QUALITY, SchemaJsonReader::unit);
  }

  private void edge(JsonValue value) {
    Map<String, JsonValue> keys = value.members(Set.of("verb_id", "direction", "weight", "flags"));
    set(keys.get("verb_id"), SchemaField.EDGE_VERB, json -> json.integer(0, 255));
    set(
        keys.get("direction"),
        SchemaField.EDGE_DIRECTION,
        json -> nameOrByte(json, SchemaNames.DIRECTIONS));
    set(keys.get("weight"), SchemaField.EDGE_WEIGHT, json -> json.integer(0, 255));
    set(keys.get("flags"), SchemaField.EDGE_FLAGS, SchemaJsonReader::flags);
  }

  private void node(JsonValue value) {
    Map<String, JsonValue> keys = value.members(Set.of("kind", "subtype", "provenance"));
    set(keys.get("kind"), SchemaField.NODE_KIND, json -> nameOrByte(json, SchemaNames.KINDS));
    set(keys.get("subtype"), SchemaField.NODE_SUBTYPE, json -> json.integer(0, 255));
    set(keys.get("provenance"), SchemaField.PROVENANCE, json -> json.integer(0, 65535));
  }

  private void rl(JsonValue value) {
    Map<String, JsonValue> keys = value.members(Set.of("q", "rewards"));
    // The least raw values decode to a little less than -1 and are taken back as they are.
    set(
        keys.get("q"),
        SchemaArray.Q_VALUES,
        json -> {
          double q = json.real(Quantiser.fromQ(LEAST_Q), 1);
          return q < -1 ? LEAST_Q : Quantiser.q(q);
        });
    set(
        keys.get("rewards"),
        SchemaArray.REWARDS,
        json -> {
          double reward = json.real(Quantiser.fromReward(LEAST_REWARD), 1);
          return reward < -1 ? LEAST_REWARD : Quantiser.reward(reward);
        });
  }

  private void plasticity(JsonValue value) {
    Map<String, JsonValue> keys = value.members(Set.of("spike_times", "hebbian"));
    set(keys.get("spike_times"), SchemaArray.SPIKE_TIMES, json -> json.integer(0, 65535));
    set(keys.get("hebbian"), SchemaArray.HEBBIAN, SchemaJsonReader::unit);
  }

  private void dn(JsonValue value) {
    JsonValue path = value.members(Set.of("path")).get("path");
    if (path == null) {
      return;
    }
    List<JsonValue> elements = path.elements();
    if (elements.size() > SchemaArray.DN_PATH.length()) {
      throw path.unexpected("at most %d bytes".formatted(SchemaArray.DN_PATH.length()));
    }
    byte[] bytes = new byte[elements.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) elements.get(i).integer(0, 255);
    }
    sidecar.setDnPath(bytes);
  }

  private void bloom(JsonValue value) {
    Map<String, JsonValue> keys = value.members(Set.of("bits", "neighbors"));
    JsonValue bits = keys.get("bits");
    if (bits != null) {
      byte[] bytes = hex(bits);
      for (int i = 0; i < bytes.length; i++) {
        sidecar.set(SchemaArray.BLOOM, i, bytes[i] & 0xFF);
      }
    }
    JsonValue neighbors = keys.get("neighbors");
    if (neighbors != null) {
      for (JsonValue id : neighbors.elements()) {
        NeighborBloom.add(sidecar, id.longInteger(0, Long.MAX_VALUE));
      }
    }
  }

  private static byte[] hex(JsonValue bits) {
    int digits = 2 * SchemaArray.BLOOM.length();
    if (!bits.text().matches("[0-9a-fA-F]{" + digits + "}")) {
      throw bits.unexpected(digits + " hexadecimal digits");
    }
    return HexFormat.of().parseHex(bits.text());
  }

  private void graph(JsonValue value) {
    Map<String, JsonValue> keys =
        value.members(
            Set.of("pagerank", "hop_to_root", "cluster_id", "degree", "in_degree", "out_degree"));
    set(keys.get("pagerank"), SchemaField.PAGERANK, json -> json.integer(0, 65535));
    set(keys.get("hop_to_root"), SchemaField.HOP_TO_ROOT, json -> json.integer(0, 255));
    set(keys.get("cluster_id"), SchemaField.CLUSTER_ID, json -> json.integer(0, 65535));
    set(keys.get("degree"), SchemaField.DEGREE, SchemaJsonReader::saturating);
    set(keys.get("in_degree"), SchemaField.IN_DEGREE, SchemaJsonReader::saturating);
    set(keys.get("out_degree"), SchemaField.OUT_DEGREE, SchemaJsonReader::saturating);
  }

  private static int unit(JsonValue json) {
    return Quantiser.unit(json.real(0, 1));
  }

  private static int saturating(JsonValue json) {
    return Math.min(255, json.integer(0, Integer.MAX_VALUE));
  }

  private static int nameOrByte(JsonValue json, List<String> names) {
    return json.node().isTextual() ? json.nameOrIndex(names) : json.integer(0, 255);
  }

  private static int flags(JsonValue json) {
    if (!json.isArray()) {
      return json.integer(0, 255);
    }
    int mask = 0;
    for (JsonValue element : json.elements()) {
      mask |= 1 << element.nameOrIndex(SchemaNames.FLAGS);
    }
    return mask;
  }

  private void set(@Nullable JsonValue value, SchemaField field, ToIntFunction<JsonValue> read) {
    if (value != null) {
      sidecar.set(field, read.applyAsInt(value));
    }
  }

  private void set(@Nullable JsonValue value, SchemaArray array, ToIntFunction<JsonValue> read) {
    if (value == null) {
      return;
    }
    List<JsonValue> elements = value.elements();
    if (elements.size() != array.length()) {
      throw value.unexpected("an array of %d numbers".formatted(array.length()));
    }
    for (int i = 0; i < elements.size(); i++) {
      sidecar.set(array, i, read.applyAsInt(elements.get(i)));
    }
  }
}
