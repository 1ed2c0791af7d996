package org.bindsql.bindspace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Read access to one consistent image of a {@link BindSpace}.
 *
 * <p>Reading has no side effect. Addresses outside 0 to 65535 are errors (OUT_OF_RANGE); an address
 * without a node is none.
 */
public abstract sealed class BindView permits Snapshot, BindWriter {
  /** Greatest number of nodes that a walk along parent pointers meets. */
  static final int MAX_DEPTH = 255;

  BindView() {}

  abstract @Nullable Chunk chunk(int prefix);

  abstract Directory directory();

  abstract int count(Zone zone);

  /** Number of edges. */
  public abstract long edgeCount();

  /** Whether there is a node at the address. */
  public final boolean contains(int addr) {
    Chunk chunk = chunk(Addresses.prefix(Addresses.require(addr, "contains")));
    return chunk != null && chunk.occupied.contains(Addresses.slot(addr));
  }

  /** Number of nodes in a zone. */
  public final int size(Zone zone) {
    return count(zone);
  }

  /** Number of nodes. */
  public final int size() {
    return count(Zone.SURFACE) + count(Zone.FLUID) + count(Zone.NODE);
  }

  /** A copy of the node at the address, or null. */
  public final @Nullable BindNode read(int addr) {
    if (!contains(addr)) {
      return null;
    }
    Chunk chunk = occupiedChunk(addr);
    int slot = Addresses.slot(addr);
    return new BindNode(
        addr,
        chunk.codes.read(slot),
        values(chunk, slot),
        chunk.parent[slot],
        chunk.firstChild[slot],
        chunk.nextSibling[slot],
        chunk.prevSibling[slot],
        chunk.depth[slot] & 0xFF,
        chunk.updatedAt[slot],
        chunk.dnPath[slot]);
  }

  /** A copy of the node's 2,048 bytes, or null if there is no node. */
  public final byte @Nullable [] fingerprint(int addr) {
    return contains(addr) ? occupiedChunk(addr).codes.read(Addresses.slot(addr)) : null;
  }

  /** The node's label, or null if it has none or there is no node. */
  public final @Nullable String label(int addr) {
    return contains(addr) ? occupiedChunk(addr).label[Addresses.slot(addr)] : null;
  }

  /**
   * Address of the node with a distinguished name, or -1.
   *
   * @param path segments separated by {@code :}, with or without {@code bindspace://}
   */
  public final int find(String path) {
    return directory().find(DnPath.parse(path).text());
  }

  /** Number of changes at the address since the space was made, deletions included. */
  public final long generation(int addr) {
    Chunk chunk = chunk(Addresses.prefix(Addresses.require(addr, "generation")));
    return chunk == null ? 0 : chunk.generation[Addresses.slot(addr)];
  }

  /** Whether node or outgoing edges changed since the address was last marked clean. */
  public final boolean isDirty(int addr) {
    Chunk chunk = chunk(Addresses.prefix(Addresses.require(addr, "isDirty")));
    return chunk != null && chunk.dirty.contains(Addresses.slot(addr));
  }

  /** Edges that leave the node, ascending by verb and target; none if there is no node. */
  public final List<Edge> edgesFrom(int addr) {
    List<Edge> edges = new ArrayList<>();
    EdgeList list = out(Addresses.require(addr, "edgesFrom"));
    for (int i = 0; i < list.size(); i++) {
      edges.add(new Edge(addr, list.verb(i), list.other(i), list.weight(i)));
    }
    return edges;
  }

  /** Edges that end at the node, ascending by verb and source; none if there is no node. */
  public final List<Edge> edgesTo(int addr) {
    List<Edge> edges = new ArrayList<>();
    EdgeList list = in(Addresses.require(addr, "edgesTo"));
    for (int i = 0; i < list.size(); i++) {
      edges.add(new Edge(list.other(i), list.verb(i), addr, list.weight(i)));
    }
    return edges;
  }

  /** Weight of an edge, or null if there is none with these ends and verb. */
  public final @Nullable Float weight(int from, int verb, int to) {
    EdgeList list = out(Addresses.require(from, "weight"));
    int at = list.find(Addresses.require(verb, "weight"), Addresses.require(to, "weight"));
    return at < 0 ? null : list.weight(at);
  }

  /** Targets of the node's edges with the given verb, ascending. */
  public final int[] traverse(int from, int verb) {
    return others(out(Addresses.require(from, "traverse")), Addresses.require(verb, "traverse"));
  }

  /** Sources of the edges with the given verb that end at the node, ascending. */
  public final int[] reverse(int to, int verb) {
    return others(in(Addresses.require(to, "reverse")), Addresses.require(verb, "reverse"));
  }

  /**
   * Nodes within the given number of edges of one verb, breadth first, each once and without the
   * start; of equal hop count in the order found.
   *
   * @param maxHops 0 or more
   */
  public final List<Hop> nHops(int start, int verb, int maxHops) {
    if (maxHops < 0) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "nHops: maxHops is " + maxHops + ", expected 0 or more");
    }
    AddressSet visited = AddressSet.none();
    visited.add(Addresses.require(start, "nHops"));
    List<Hop> found = new ArrayList<>();
    found.add(new Hop(0, start));
    for (int i = 0; i < found.size() && found.get(i).hop() < maxHops; i++) {
      Hop hop = found.get(i);
      for (int next : traverse(hop.addr(), verb)) {
        if (!visited.contains(next)) {
          visited.add(next);
          found.add(new Hop(hop.hop() + 1, next));
        }
      }
    }
    return List.copyOf(found.subList(1, found.size()));
  }

  /** The node's parent, its parent, and so on to the root; at most 255. */
  public final int[] ancestors(int addr) {
    int[] found = new int[MAX_DEPTH];
    int count = 0;
    int next = parent(Addresses.require(addr, "ancestors"));
    while (next != Addresses.NONE && count < MAX_DEPTH) {
      found[count++] = next;
      next = parent(next);
    }
    return Arrays.copyOf(found, count);
  }

  /** The other children of the node's parent, newest first; none for a root. */
  public final int[] siblings(int addr) {
    int parent = parent(Addresses.require(addr, "siblings"));
    return parent == Addresses.NONE
        ? new int[0]
        : Arrays.stream(children(parent)).filter(child -> child != addr).toArray();
  }

  /** The node's children, newest first. */
  public final int[] children(int addr) {
    int[] found = new int[4];
    int count = 0;
    int child =
        contains(addr) ? occupiedChunk(addr).firstChild[Addresses.slot(addr)] : Addresses.NONE;
    while (child != Addresses.NONE && count < Addresses.COUNT) {
      if (count == found.length) {
        found = Arrays.copyOf(found, count * 2);
      }
      found[count++] = child;
      child = occupiedChunk(child).nextSibling[Addresses.slot(child)];
    }
    return Arrays.copyOf(found, count);
  }

  final int parent(int addr) {
    return contains(addr) ? occupiedChunk(addr).parent[Addresses.slot(addr)] : Addresses.NONE;
  }

  final EdgeList out(int addr) {
    Chunk chunk = chunk(Addresses.prefix(addr));
    return chunk == null ? EdgeList.EMPTY : chunk.out[Addresses.slot(addr)];
  }

  final EdgeList in(int addr) {
    Chunk chunk = chunk(Addresses.prefix(addr));
    return chunk == null ? EdgeList.EMPTY : chunk.in[Addresses.slot(addr)];
  }

  /** The chunk of an address that has a node. */
  final Chunk occupiedChunk(int addr) {
    Chunk chunk = chunk(Addresses.prefix(addr));
    if (chunk == null) {
      throw new IllegalStateException("no node at " + Addresses.show(addr));
    }
    return chunk;
  }

  static NodeValues values(Chunk chunk, int slot) {
    byte[] payload = chunk.payload[slot];
    return new NodeValues(
        chunk.label[slot],
        chunk.qidx[slot] & 0xFF,
        chunk.accessCount[slot],
        payload == null ? null : payload.clone(),
        chunk.contextId[slot],
        chunk.rung[slot],
        chunk.sigma[slot] & 0xFF,
        chunk.spine[slot]);
  }

  private static int[] others(EdgeList list, int verb) {
    int from = list.firstOf(verb);
    int to = from;
    while (to < list.size() && list.verb(to) == verb) {
      to++;
    }
    int[] others = new int[to - from];
    for (int i = 0; i < others.length; i++) {
      others[i] = list.other(from + i);
    }
    return others;
  }
}
