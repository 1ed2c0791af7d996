package org.bindsql.bindspace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The next state, as one writer statement has it so far: copies of the chunks it touched, and the
 * published ones otherwise. Nothing a reader can see changes before {@link #publish}.
 */
final class Draft {
  private final BufferAllocator allocator;
  private final long now;
  private final @Nullable Chunk[] chunks;
  private final boolean[] owned = new boolean[Addresses.PREFIXES];
  private final List<CodeBuffer> allocated = new ArrayList<>();
  private final Map<Integer, Integer> edgeCounts;
  final long epoch;
  final Directory directory;
  final int[] cursors;
  final int[] counts;
  int orphans;

  Draft(State base, BufferAllocator allocator, long now) {
    this.allocator = allocator;
    this.now = now;
    this.epoch = base.epoch + 1;
    this.chunks = base.chunks.clone();
    this.directory = new Directory(base.directory);
    this.cursors = base.cursors.clone();
    this.counts = base.counts.clone();
    this.edgeCounts = new HashMap<>(base.edgeCounts);
    this.orphans = base.orphans;
  }

  @Nullable Chunk chunk(int prefix) {
    return chunks[prefix];
  }

  /** The chunk of an address that has a node, to look at. */
  Chunk at(int addr) {
    Chunk chunk = chunks[Addresses.prefix(addr)];
    if (chunk == null) {
      throw new IllegalStateException("no node at " + Addresses.show(addr));
    }
    return chunk;
  }

  /** The chunk of an address, ready to be changed. */
  Chunk own(int addr) {
    int prefix = Addresses.prefix(addr);
    Chunk chunk = chunks[prefix];
    if (chunk == null) {
      CodeBuffer codes = CodeBuffer.allocate(allocator);
      allocated.add(codes);
      chunk = new Chunk(prefix, codes);
    } else if (!owned[prefix]) {
      chunk = new Chunk(chunk);
    }
    chunks[prefix] = chunk;
    owned[prefix] = true;
    return chunk;
  }

  /** Records a change of the node or its edges for whoever persists it. */
  Chunk markDirty(int addr) {
    Chunk chunk = own(addr);
    int slot = Addresses.slot(addr);
    chunk.generation[slot]++;
    chunk.dirty.add(slot);
    return chunk;
  }

  /** Records a change that counts as an update of the node. */
  Chunk markUpdated(int addr) {
    Chunk chunk = markDirty(addr);
    chunk.updatedAt[Addresses.slot(addr)] = now;
    return chunk;
  }

  /** Makes a node with default values at a free address. */
  void create(int addr, byte[] fingerprint) {
    Chunk chunk = own(addr);
    int slot = Addresses.slot(addr);
    chunk.reset(slot);
    setCode(addr, fingerprint);
    chunk.occupied.add(slot);
    counts[Zone.of(addr).ordinal()]++;
    markUpdated(addr);
  }

  /** Clears an address; tree, edges and name have been dealt with. */
  void clear(int addr) {
    Chunk chunk = markDirty(addr);
    int slot = Addresses.slot(addr);
    chunk.occupied.remove(slot);
    chunk.reset(slot);
    counts[Zone.of(addr).ordinal()]--;
  }

  void setCode(int addr, byte[] fingerprint) {
    if (fingerprint.length != CodeBuffer.WIDTH) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "fingerprint: " + fingerprint.length + " bytes given, expected " + CodeBuffer.WIDTH);
    }
    Chunk chunk = own(addr);
    int slot = Addresses.slot(addr);
    if (!chunk.ownsCodes && !chunk.claimed.contains(slot)) {
      if (chunk.codes.isWritten(slot)) {
        // Some reader may look at the old value: go on with a copy.
        CodeBuffer copy = chunk.codes.copy(allocator, chunk.occupied);
        allocated.add(copy);
        chunk.codes = copy;
        chunk.ownsCodes = true;
      } else {
        chunk.claimed.add(slot);
      }
    }
    chunk.codes.write(slot, fingerprint);
    chunk.popcount[slot] = chunk.codes.popcount(slot);
  }

  /** Adds an edge or sets its weight. */
  void putEdge(int from, int verb, int to, float weight) {
    if (ownEdges(own(from).out, from).put(verb, to, weight)) {
      edgeCounts.merge(verb, 1, Integer::sum);
    }
    ownEdges(own(to).in, to).put(verb, from, weight);
    markDirty(from);
  }

  boolean removeEdge(int from, int verb, int to) {
    Chunk source = chunks[Addresses.prefix(from)];
    if (source == null || source.out[Addresses.slot(from)].find(verb, to) < 0) {
      return false;
    }
    ownEdges(own(from).out, from).remove(verb, to);
    ownEdges(own(to).in, to).remove(verb, from);
    edgeCounts.computeIfPresent(verb, (key, count) -> count == 1 ? null : count - 1);
    markDirty(from);
    return true;
  }

  int edgeCount(int verb) {
    return edgeCounts.getOrDefault(verb, 0);
  }

  long edgeCount() {
    return edgeCounts.values().stream().mapToLong(Integer::longValue).sum();
  }

  private EdgeList ownEdges(EdgeList[] lists, int addr) {
    int slot = Addresses.slot(addr);
    if (lists[slot].owner != epoch) {
      lists[slot] = lists[slot].copy(epoch);
    }
    return lists[slot];
  }

  /**
   * First free address at or after {@code from}, going round within the prefixes; marks nothing.
   *
   * @throws BindSqlException LIMIT_REACHED if there is none
   */
  int findFree(int from, int fromPrefix, int toPrefix) {
    int prefix = Addresses.prefix(from);
    int slot = Addresses.slot(from);
    for (int tries = 0; tries <= toPrefix - fromPrefix; tries++) {
      Chunk chunk = chunks[prefix];
      int free = chunk == null ? slot : chunk.occupied.nextFree(slot);
      if (free < Addresses.SLOTS) {
        return Addresses.of(prefix, free);
      }
      prefix = prefix + 1 == toPrefix ? fromPrefix : prefix + 1;
      slot = 0;
    }
    throw new BindSqlException(
        ErrorCode.LIMIT_REACHED,
        String.format(
            "BindSpace: all %d addresses of prefixes %02X to %02X are in use",
            (toPrefix - fromPrefix) * Addresses.SLOTS, fromPrefix, toPrefix - 1));
  }

  /** The finished state, with one reference. */
  State publish(Runnable onFreed) {
    for (int prefix = 0; prefix < chunks.length; prefix++) {
      Chunk chunk = chunks[prefix];
      if (owned[prefix] && chunk != null) {
        chunk.ownsCodes = false;
      }
    }
    return new State(
        epoch, chunks, directory, cursors, counts, Map.copyOf(edgeCounts), orphans, onFreed);
  }

  /** Gives up the writer's own references; to be called once, published or not. */
  void release() {
    allocated.forEach(CodeBuffer::release);
    allocated.clear();
  }
}
