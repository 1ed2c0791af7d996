package org.bindsql.bindspace;

/** Verbs of the surface, prefix 07. */
public enum Verb {
  CAUSES(0x00),
  BECOMES(0x01),
  ENABLES(0x02),
  PREVENTS(0x03),
  REQUIRES(0x04),
  IMPLIES(0x05),
  CONTAINS(0x06),
  ACTIVATES(0x07),
  INHIBITS(0x08),
  TRANSFORMS(0x09),
  RESONATES(0x0A),
  AMPLIFIES(0x0B),
  DAMPENS(0x0C),
  OBSERVES(0x0D),
  REMEMBERS(0x0E),
  FORGETS(0x0F),
  SHIFT(0x10),
  LEAP(0x11),
  EMERGE(0x12),
  SUBSIDE(0x13),
  OSCILLATE(0x14),
  CRYSTALLIZE(0x15),
  DISSOLVE(0x16),
  GROUNDS(0x17),
  ABSTRACTS(0x18),
  REFINES(0x19),
  CONTRADICTS(0x1A),
  SUPPORTS(0x1B),
  PARENT_OF(0x20),
  CHILD_OF(0x21),
  SIBLING_OF(0x22),
  ANCESTOR_OF(0x23),
  DESCENDANT_OF(0x24),
  ROOT_OF(0x25),
  NEXT_SIBLING(0x26),
  PREV_SIBLING(0x27);

  /** Prefix of the verbs. */
  static final int PREFIX = 0x07;

  private final int slot;

  Verb(int slot) {
    this.slot = slot;
  }

  /** Address of the verb's node, whose label is {@link #name()}. */
  public int address() {
    return Addresses.of(PREFIX, slot);
  }
}
