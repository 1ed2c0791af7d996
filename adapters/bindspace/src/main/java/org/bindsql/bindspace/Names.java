package org.bindsql.bindspace;

import java.util.function.Function;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Distinguished names of nodes: path to address in the {@link Directory}, address to path in the
 * chunk.
 *
 * <p>A named node's parent in the tree is the node with the parent path. Where that was deleted the
 * node is an orphan: a root until a node with that path comes back.
 */
final class Names {
  private final Draft draft;
  private final Tree tree;
  private final Function<String, byte[]> labelCode;

  /**
   * Creates the names of a draft.
   *
   * @param labelCode fingerprint of an ancestor that is created because it is missing
   */
  Names(Draft draft, Tree tree, Function<String, byte[]> labelCode) {
    this.draft = draft;
    this.tree = tree;
    this.labelCode = labelCode;
  }

  /** Address of the node with the path; a new node, and new ancestors, if there is none. */
  int findOrCreate(DnPath path, Function<String, byte[]> code) {
    int addr = draft.directory.find(path.text());
    if (addr == Addresses.NONE) {
      byte[] fingerprint = code.apply(path.label());
      addr =
          draft.findFree(
              Directory.propose(path.text()), Zone.NODE.fromPrefix(), Zone.NODE.toPrefix());
      draft.create(addr, fingerprint);
      draft.own(addr).label[Addresses.slot(addr)] = path.label();
      register(addr, path);
    }
    return addr;
  }

  /**
   * Names a nameless node and puts it below its parent path's node, creating missing ancestors.
   *
   * @throws BindSqlException DUPLICATE_KEY if another node has the path, NOT_ALLOWED if the node is
   *     not in the node zone
   */
  void register(int addr, DnPath path) {
    requireFree(addr, path);
    DnPath parentPath = path.parent();
    // First the ancestors: one that is made adopts whatever has a name below its own.
    int parent = parentPath == null ? Addresses.NONE : findOrCreate(parentPath, labelCode);
    draft.directory.put(path.text(), addr);
    draft.markUpdated(addr).dnPath[Addresses.slot(addr)] = path.text();
    tree.detach(addr);
    if (parent != Addresses.NONE) {
      tree.attach(addr, parent);
    }
    adoptOrphans(addr, path);
  }

  /** Fails as {@link #register} does, and changes nothing. */
  void requireFree(int addr, DnPath path) {
    if (Zone.of(addr) != Zone.NODE) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          "dn_path: " + Addresses.show(addr) + " is not in the node zone, which alone has names");
    }
    int other = draft.directory.find(path.text());
    if (other != Addresses.NONE) {
      throw new BindSqlException(
          ErrorCode.DUPLICATE_KEY,
          "dn_path: '" + path.text() + "' is the name of " + Addresses.show(other));
    }
  }

  /**
   * Takes a node's name away; its place in the tree stays.
   *
   * @throws BindSqlException NOT_ALLOWED if nodes below it have names that contain its own
   */
  void unregister(int addr) {
    String path = path(addr);
    if (path == null) {
      return;
    }
    for (int child = tree.firstChild(addr); child != Addresses.NONE; ) {
      if (path(child) != null) {
        throw new BindSqlException(
            ErrorCode.NOT_ALLOWED,
            "dn_path: '" + path + "' has nodes below it, such as '" + path(child) + "'");
      }
      child = draft.at(child).nextSibling[Addresses.slot(child)];
    }
    forget(addr, path);
  }

  /** Takes the name of a node that is about to be deleted away; its children become roots. */
  void removeFromTree(int addr) {
    String path = path(addr);
    if (path != null) {
      forget(addr, path);
    }
    for (int child = tree.firstChild(addr);
        child != Addresses.NONE;
        child = tree.firstChild(addr)) {
      tree.detach(child);
      if (path(child) != null) {
        draft.orphans++;
      }
    }
    tree.detach(addr);
  }

  @Nullable String path(int addr) {
    return draft.at(addr).dnPath[Addresses.slot(addr)];
  }

  private void forget(int addr, String path) {
    if (path.contains(":") && tree.parentOf(addr) == Addresses.NONE) {
      draft.orphans--;
    }
    draft.directory.remove(path);
    draft.markUpdated(addr).dnPath[Addresses.slot(addr)] = null;
  }

  private void adoptOrphans(int addr, DnPath path) {
    for (int prefix = Zone.NODE.fromPrefix();
        prefix < Zone.NODE.toPrefix() && draft.orphans > 0;
        prefix++) {
      Chunk chunk = draft.chunk(prefix);
      if (chunk == null) {
        continue;
      }
      for (int slot = chunk.occupied.next(0);
          slot < Addresses.SLOTS;
          slot = chunk.occupied.next(slot + 1)) {
        String name = chunk.dnPath[slot];
        if (name != null
            && chunk.parent[slot] == Addresses.NONE
            && path.equals(new DnPath(name).parent())) {
          tree.attach(Addresses.of(prefix, slot), addr);
          draft.orphans--;
          chunk = draft.at(Addresses.of(prefix, slot));
        }
      }
    }
  }
}
