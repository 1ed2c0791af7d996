package org.bindsql.bindspace;

import org.jspecify.annotations.Nullable;

/**
 * The 256 slots of one prefix: fingerprints off-heap, everything else in plain arrays by slot.
 *
 * <p>A published chunk never changes. A writer statement copies a chunk the first time it touches
 * it, which costs the arrays but not the fingerprints: those are copied only if a slot that readers
 * may see changes.
 */
final class Chunk {
  final int prefix;
  final SlotSet occupied;
  final @Nullable String[] label;
  final byte[] @Nullable [] payload;
  final @Nullable String[] dnPath;
  final EdgeList[] out;
  final EdgeList[] in;
  final int[] parent;
  final int[] firstChild;
  final int[] nextSibling;
  final int[] prevSibling;
  final int[] contextId;
  final int[] popcount;
  final byte[] qidx;
  final byte[] depth;
  final byte[] rung;
  final byte[] sigma;
  final boolean[] spine;
  final long[] accessCount;
  final long[] updatedAt;

  /** Changes of the slot since the space was made, deletions and edges included. */
  final long[] generation;

  /** Slots whose node, or whose outgoing edges, changed since they were marked clean. */
  final SlotSet dirty;

  CodeBuffer codes;

  /** Whether no reader has ever seen {@link #codes}. */
  boolean ownsCodes;

  /** Slots of a shared {@link #codes} that this chunk's writer was the first to write. */
  final SlotSet claimed = new SlotSet();

  /** An empty chunk of a writer, which takes over the buffer's reference. */
  Chunk(int prefix, CodeBuffer codes) {
    this.prefix = prefix;
    this.codes = codes;
    this.ownsCodes = true;
    this.occupied = new SlotSet();
    this.dirty = new SlotSet();
    int n = Addresses.SLOTS;
    this.label = new @Nullable String[n];
    this.payload = new byte[n] @Nullable [];
    this.dnPath = new @Nullable String[n];
    this.out = new EdgeList[n];
    this.in = new EdgeList[n];
    this.parent = new int[n];
    this.firstChild = new int[n];
    this.nextSibling = new int[n];
    this.prevSibling = new int[n];
    this.contextId = new int[n];
    this.popcount = new int[n];
    this.qidx = new byte[n];
    this.depth = new byte[n];
    this.rung = new byte[n];
    this.sigma = new byte[n];
    this.spine = new boolean[n];
    this.accessCount = new long[n];
    this.updatedAt = new long[n];
    this.generation = new long[n];
    for (int slot = 0; slot < n; slot++) {
      reset(slot);
    }
  }

  /** A copy for a writer, sharing the fingerprints. */
  Chunk(Chunk other) {
    this.prefix = other.prefix;
    this.codes = other.codes;
    this.occupied = SlotSet.copyOf(other.occupied);
    this.dirty = SlotSet.copyOf(other.dirty);
    this.label = other.label.clone();
    this.payload = other.payload.clone();
    this.dnPath = other.dnPath.clone();
    this.out = other.out.clone();
    this.in = other.in.clone();
    this.parent = other.parent.clone();
    this.firstChild = other.firstChild.clone();
    this.nextSibling = other.nextSibling.clone();
    this.prevSibling = other.prevSibling.clone();
    this.contextId = other.contextId.clone();
    this.popcount = other.popcount.clone();
    this.qidx = other.qidx.clone();
    this.depth = other.depth.clone();
    this.rung = other.rung.clone();
    this.sigma = other.sigma.clone();
    this.spine = other.spine.clone();
    this.accessCount = other.accessCount.clone();
    this.updatedAt = other.updatedAt.clone();
    this.generation = other.generation.clone();
  }

  /** Gives a slot the values of a new node; generation and dirty bit stay. */
  void reset(int slot) {
    label[slot] = null;
    payload[slot] = null;
    dnPath[slot] = null;
    out[slot] = EdgeList.EMPTY;
    in[slot] = EdgeList.EMPTY;
    parent[slot] = Addresses.NONE;
    firstChild[slot] = Addresses.NONE;
    nextSibling[slot] = Addresses.NONE;
    prevSibling[slot] = Addresses.NONE;
    contextId[slot] = 0;
    popcount[slot] = 0;
    qidx[slot] = 0;
    depth[slot] = 0;
    rung[slot] = 0;
    sigma[slot] = 0;
    spine[slot] = false;
    accessCount[slot] = 0;
    updatedAt[slot] = 0;
  }
}
