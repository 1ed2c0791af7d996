package org.bindsql.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * The schema sidecar as JSON, every field of it.
 *
 * <pre>{@code
 * {"version": 2,
 *  "ani": {"reactive": 0, ..., "abstract": 65535},
 *  "nars": {"frequency": 0.7, "confidence": 0.9, "priority": 0, "durability": 0, "quality": 0},
 *  "edge": {"verb_id": 0, "direction": "forward", "weight": 0, "flags": ["causal"]},
 *  "node": {"kind": "concept", "subtype": 0, "provenance": 0},
 *  "rl": {"q": [16 numbers], "rewards": [8 numbers, oldest first]},
 *  "plasticity": {"spike_times": [8 integers], "hebbian": [8 numbers]},
 *  "dn": {"path": [0 to 32 bytes]},
 *  "bloom": {"bits": "64 hex digits", "neighbors": [ids]},
 *  "graph": {"pagerank": 0, "hop_to_root": 0, "cluster_id": 0,
 *            "degree": 0, "in_degree": 0, "out_degree": 0}}
 * }</pre>
 *
 * <p>Reading takes any subset; what is left out is zero. Numbers from 0 to 1 and from -1 to 1 are
 * quantised ({@link Quantiser}). Writing gives every field ({@code bloom} as bits only, flags as a
 * number if unnamed ones are set), and reading that again gives the same sidecar.
 */
public final class SchemaJson {
  private static final HexFormat HEX = HexFormat.of();

  private SchemaJson() {}

  /**
   * Writes the schema that the JSON describes into the sidecar.
   *
   * @param function SQL function, for messages
   * @throws org.bindsql.error.BindSqlException SYNTAX or BAD_ARGUMENT, naming the JSON path
   */
  public static void read(String function, String json, SchemaSidecar sidecar) {
    SchemaJsonReader.read(JsonValue.parse(function, json), sidecar);
  }

  /** The JSON of a sidecar whose schema is present. */
  public static String write(SchemaSidecar sidecar) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", sidecar.version());
    ObjectNode ani = root.putObject("ani");
    for (int i = 0; i < SchemaArray.ANI.length(); i++) {
      ani.put(SchemaNames.LEVELS.get(i), sidecar.get(SchemaArray.ANI, i));
    }
    ObjectNode nars = root.putObject("nars");
    nars.put("frequency", unit(sidecar, SchemaField.FREQUENCY));
    nars.put("confidence", unit(sidecar, SchemaField.CONFIDENCE));
    nars.put("priority", unit(sidecar, SchemaField.PRIORITY));
    nars.put("durability", unit(sidecar, SchemaField.DURABILITY));
    nars.put("quality", unit(sidecar, SchemaField.QUALITY));
    ObjectNode edge = root.putObject("edge");
    edge.put("verb_id", sidecar.get(SchemaField.EDGE_VERB));
    putName(edge, "direction", SchemaNames.DIRECTIONS, sidecar.get(SchemaField.EDGE_DIRECTION));
    edge.put("weight", sidecar.get(SchemaField.EDGE_WEIGHT));
    putFlags(edge, sidecar.get(SchemaField.EDGE_FLAGS));
    ObjectNode node = root.putObject("node");
    putName(node, "kind", SchemaNames.KINDS, sidecar.get(SchemaField.NODE_KIND));
    node.put("subtype", sidecar.get(SchemaField.NODE_SUBTYPE));
    node.put("provenance", sidecar.get(SchemaField.PROVENANCE));
    ObjectNode rl = root.putObject("rl");
    putReals(rl.putArray("q"), sidecar, SchemaArray.Q_VALUES, Quantiser::fromQ);
    putReals(rl.putArray("rewards"), sidecar, SchemaArray.REWARDS, Quantiser::fromReward);
    ObjectNode plasticity = root.putObject("plasticity");
    putIntegers(
        plasticity.putArray("spike_times"),
        sidecar,
        SchemaArray.SPIKE_TIMES,
        SchemaArray.SPIKE_TIMES.length());
    putReals(plasticity.putArray("hebbian"), sidecar, SchemaArray.HEBBIAN, Quantiser::fromUnit);
    int depth = Math.min(sidecar.get(SchemaField.DN_DEPTH), SchemaArray.DN_PATH.length());
    putIntegers(root.putObject("dn").putArray("path"), sidecar, SchemaArray.DN_PATH, depth);
    byte[] bloom = new byte[SchemaArray.BLOOM.length()];
    for (int i = 0; i < bloom.length; i++) {
      bloom[i] = (byte) sidecar.get(SchemaArray.BLOOM, i);
    }
    root.putObject("bloom").put("bits", HEX.formatHex(bloom));
    ObjectNode graph = root.putObject("graph");
    graph.put("pagerank", sidecar.get(SchemaField.PAGERANK));
    graph.put("hop_to_root", sidecar.get(SchemaField.HOP_TO_ROOT));
    graph.put("cluster_id", sidecar.get(SchemaField.CLUSTER_ID));
    graph.put("degree", sidecar.get(SchemaField.DEGREE));
    graph.put("in_degree", sidecar.get(SchemaField.IN_DEGREE));
    graph.put("out_degree", sidecar.get(SchemaField.OUT_DEGREE));
    return root.toString();
  }

  private static double unit(SchemaSidecar sidecar, SchemaField field) {
    return Quantiser.fromUnit(sidecar.get(field));
  }

  private static void putName(ObjectNode object, String key, List<String> names, int value) {
    if (value < names.size()) {
      object.put(key, names.get(value));
    } else {
      object.put(key, value);
    }
  }

  private static void putFlags(ObjectNode edge, int flags) {
    List<String> names = new ArrayList<>();
    for (int bit = 0; bit < SchemaNames.FLAGS.size(); bit++) {
      if ((flags & 1 << bit) != 0) {
        names.add(SchemaNames.FLAGS.get(bit));
      }
    }
    if (flags >>> SchemaNames.FLAGS.size() != 0) {
      edge.put("flags", flags);
    } else {
      names.forEach(edge.putArray("flags")::add);
    }
  }

  private static void putReals(
      ArrayNode to, SchemaSidecar sidecar, SchemaArray array, IntToDoubleFunction decode) {
    for (int i = 0; i < array.length(); i++) {
      to.add(decode.applyAsDouble(sidecar.get(array, i)));
    }
  }

  private static void putIntegers(
      ArrayNode to, SchemaSidecar sidecar, SchemaArray array, int count) {
    for (int i = 0; i < count; i++) {
      to.add(sidecar.get(array, i));
    }
  }
}
