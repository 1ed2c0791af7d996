package org.bindsql.bindspace;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/**
 * Surgery on the tree, which is kept as left child, right sibling pointers: a new child becomes the
 * first one. Each link of a parent is also an edge with the verb PARENT_OF.
 */
final class Tree {
  private static final int NONE = Addresses.NONE;

  private final Draft draft;

  Tree(Draft draft) {
    this.draft = draft;
  }

  /**
   * Makes a root the first child of another node.
   *
   * @throws BindSqlException BAD_ARGUMENT if the parent is the child or below it
   */
  void attach(int child, int parent) {
    requireNotBelow(child, parent);
    int slot = Addresses.slot(child);
    Chunk parentChunk = draft.markDirty(parent);
    int oldFirst = parentChunk.firstChild[Addresses.slot(parent)];
    parentChunk.firstChild[Addresses.slot(parent)] = child;
    Chunk childChunk = draft.markUpdated(child);
    childChunk.parent[slot] = parent;
    childChunk.prevSibling[slot] = NONE;
    childChunk.nextSibling[slot] = oldFirst;
    if (oldFirst != NONE) {
      draft.markDirty(oldFirst).prevSibling[Addresses.slot(oldFirst)] = child;
    }
    setDepths(child);
    draft.putEdge(parent, Verb.PARENT_OF.address(), child, 1.0f);
  }

  /** Fails as {@link #attach} does, and changes nothing. */
  void requireNotBelow(int child, int parent) {
    for (int above = parent; above != NONE; above = parentOf(above)) {
      if (above == child) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "parent_addr: "
                + Addresses.show(parent)
                + " is "
                + Addresses.show(child)
                + " itself or below it");
      }
    }
  }

  /** Makes a node a root, with everything below it; does nothing if it is one. */
  void detach(int child) {
    int parent = parentOf(child);
    if (parent == NONE) {
      return;
    }
    int slot = Addresses.slot(child);
    Chunk chunk = draft.markUpdated(child);
    int next = chunk.nextSibling[slot];
    int prev = chunk.prevSibling[slot];
    if (prev == NONE) {
      draft.markDirty(parent).firstChild[Addresses.slot(parent)] = next;
    } else {
      draft.markDirty(prev).nextSibling[Addresses.slot(prev)] = next;
    }
    if (next != NONE) {
      draft.markDirty(next).prevSibling[Addresses.slot(next)] = prev;
    }
    chunk.parent[slot] = NONE;
    chunk.nextSibling[slot] = NONE;
    chunk.prevSibling[slot] = NONE;
    setDepths(child);
    draft.removeEdge(parent, Verb.PARENT_OF.address(), child);
  }

  int parentOf(int addr) {
    return draft.at(addr).parent[Addresses.slot(addr)];
  }

  int firstChild(int addr) {
    return draft.at(addr).firstChild[Addresses.slot(addr)];
  }

  private void setDepths(int top) {
    Deque<Integer> pending = new ArrayDeque<>();
    pending.push(top);
    while (!pending.isEmpty()) {
      int addr = pending.pop();
      int slot = Addresses.slot(addr);
      int parent = parentOf(addr);
      int depth =
          parent == NONE
              ? 0
              : Math.min(
                  BindView.MAX_DEPTH, (draft.at(parent).depth[Addresses.slot(parent)] & 0xFF) + 1);
      if ((draft.at(addr).depth[slot] & 0xFF) == depth) {
        continue; // then everything below is right already
      }
      Chunk chunk = draft.markDirty(addr);
      chunk.depth[slot] = (byte) depth;
      for (int child = chunk.firstChild[slot]; child != NONE; ) {
        pending.push(child);
        child = draft.at(child).nextSibling[Addresses.slot(child)];
      }
    }
  }
}
