package org.bindsql.bindspace;

import java.util.List;
import java.util.Objects;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.functions.Functions;

/**
 * What code puts into surface prefixes 00 to 0B: the prefixes' own names, the names of the second
 * language of some, and the verbs. Each node's fingerprint is the content hash of its label.
 */
final class Vocabulary {
  /** Names of prefixes 00 to 0B, at slot 00 of each; the verbs' prefix has a verb there. */
  private static final List<String> PREFIX_NAMES =
      List.of(
          "LANCE",
          "SQL",
          "CYPHER",
          "GRAPHQL",
          "NARS",
          "CAUSAL",
          "META",
          "",
          "CONCEPTS",
          "QUALIA",
          "MEMORY",
          "LEARNING");

  /** Slot where a prefix's second language begins. */
  private static final int SECOND_LANGUAGE = 0x80;

  private Vocabulary() {}

  static void fill(Draft draft) {
    for (int prefix = 0; prefix < PREFIX_NAMES.size(); prefix++) {
      if (prefix != Verb.PREFIX) {
        put(draft, Addresses.of(prefix, 0), PREFIX_NAMES.get(prefix));
      }
    }
    put(draft, Addresses.of(0x01, SECOND_LANGUAGE), "CQL");
    put(draft, Addresses.of(0x02, SECOND_LANGUAGE), "GQL");
    put(draft, Addresses.of(0x04, SECOND_LANGUAGE), "ACT-R");
    for (Verb verb : Verb.values()) {
      put(draft, verb.address(), verb.name());
    }
  }

  private static void put(Draft draft, int addr, String label) {
    draft.create(addr, codeOf(label));
    Chunk chunk = draft.own(addr);
    int slot = Addresses.slot(addr);
    chunk.label[slot] = label;
    // Made by code at every start: nothing to persist.
    chunk.dirty.remove(slot);
    chunk.generation[slot] = 0;
    chunk.updatedAt[slot] = 0;
  }

  /** Content hash of a label: {@code fingerprint_of} in SQL. */
  static byte[] codeOf(String label) {
    ByteString code = (ByteString) Functions.FINGERPRINT_OF.evaluate(new Object[] {label});
    return Objects.requireNonNull(code).getBytes();
  }
}
