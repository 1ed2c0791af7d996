package org.bindsql.bindspace;

import java.util.Objects;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one writer statement; reads through it see them, other readers only after the
 * statement ended well.
 *
 * <p>Handed out by {@link BindSpace#batch}, used by that call's thread only and not after it.
 * Fingerprints are 2,048 bytes (BAD_ARGUMENT otherwise) and copied. Surface prefixes 00 to 0B are
 * read only (READ_ONLY).
 */
public final class BindWriter extends BindView {
  private final Draft draft;
  private final Tree tree;
  private final Names names;

  BindWriter(Draft draft) {
    this.draft = draft;
    this.tree = new Tree(draft);
    this.names = new Names(draft, tree, Vocabulary::codeOf);
  }

  /**
   * Writes a new node at the zone's cursor, which passes over addresses in use.
   *
   * @return its address
   * @throws BindSqlException LIMIT_REACHED if the zone is full
   */
  public int write(Zone zone, byte[] fingerprint, NodeValues values) {
    int at = zone.ordinal();
    int addr = draft.findFree(draft.cursors[at], zone.firstFreePrefix(), zone.toPrefix());
    draft.create(addr, fingerprint);
    setValues(addr, values);
    draft.cursors[at] =
        addr == zone.lastAddress() ? Addresses.of(zone.firstFreePrefix(), 0) : addr + 1;
    return addr;
  }

  /** Writes a new node with default values at the node zone's cursor; returns its address. */
  public int write(byte[] fingerprint) {
    return write(Zone.NODE, fingerprint, NodeValues.DEFAULT);
  }

  /** Writes a new node with a label at the node zone's cursor; returns its address. */
  public int writeLabeled(byte[] fingerprint, String label) {
    return write(Zone.NODE, fingerprint, NodeValues.labeled(label));
  }

  /**
   * Writes a new node at a free address.
   *
   * @throws BindSqlException DUPLICATE_KEY if the address is in use
   */
  public void insert(int addr, byte[] fingerprint, NodeValues values) {
    requireWritable(addr, "insert");
    if (contains(addr)) {
      throw new BindSqlException(
          ErrorCode.DUPLICATE_KEY, "insert: address " + Addresses.show(addr) + " is in use");
    }
    draft.create(addr, fingerprint);
    setValues(addr, values);
  }

  /** Sets a node's fingerprint and keeps everything else; a new node if the address is free. */
  public void writeAt(int addr, byte[] fingerprint) {
    requireWritable(addr, "writeAt");
    if (contains(addr)) {
      draft.setCode(addr, fingerprint);
      draft.markUpdated(addr);
    } else {
      draft.create(addr, fingerprint);
    }
  }

  /**
   * Sets fingerprint and values; edges, name and place in the tree stay. A new node if the address
   * is free.
   */
  public void replace(int addr, byte[] fingerprint, NodeValues values) {
    writeAt(addr, fingerprint);
    setValues(addr, values);
  }

  /**
   * Writes a node by distinguished name: sets the fingerprint and rung of the node that has the
   * name, or makes one below the parent path's node, with the last segment as label. Missing
   * ancestors are made too, with the content hash of their last segment.
   *
   * @param path segments separated by {@code :}, with or without {@code bindspace://}
   * @param rung 0 to 9
   * @return the node's address: a hash of the path, or the next free one after that
   * @throws BindSqlException BAD_TEXT if a segment is empty, LIMIT_REACHED if the zone is full
   */
  public int writeDnPath(String path, byte[] fingerprint, int rung) {
    DnPath name = DnPath.parse(path);
    NodeValues.DEFAULT.withRung(rung); // fails before anything is changed
    boolean isNew = draft.directory.find(name.text()) == Addresses.NONE;
    int addr = names.findOrCreate(name, label -> fingerprint);
    if (!isNew) {
      draft.setCode(addr, fingerprint);
    }
    update(addr, values(addr).withRung(rung));
    return addr;
  }

  /** Sets what the node carries beside its fingerprint. */
  public void update(int addr, NodeValues values) {
    requireNode(addr, "update");
    requireWritable(addr, "update");
    setValues(addr, values);
    draft.markUpdated(addr);
  }

  /** What the node carries beside its fingerprint. */
  public NodeValues values(int addr) {
    requireNode(addr, "values");
    return values(occupiedChunk(addr), Addresses.slot(addr));
  }

  /** Counts an access, up to {@link NodeValues#MAX_ACCESS_COUNT}, and updates the node's time. */
  public void touch(int addr) {
    NodeValues values = values(addr);
    long count = Math.min(values.accessCount() + 1, NodeValues.MAX_ACCESS_COUNT);
    update(addr, values.withAccessCount(count));
  }

  /** Sets the time of the last change, which every other change sets to now. */
  public void setUpdatedAt(int addr, long milliseconds) {
    requireNode(addr, "updated_at");
    requireWritable(addr, "updated_at");
    draft.markDirty(addr).updatedAt[Addresses.slot(addr)] = milliseconds;
  }

  /**
   * Moves a node, and all below it, to the first place below another; or makes it a root.
   *
   * @param parent address of the new parent, or -1
   * @throws BindSqlException BAD_ARGUMENT if there is no such node, if the parent is below the
   *     node, or if the node's name demands another parent
   */
  public void setParent(int addr, int parent) {
    requireNode(addr, "parent_addr");
    requireWritable(addr, "parent_addr");
    if (parent == tree.parentOf(addr)) {
      return;
    }
    String name = names.path(addr);
    if (name != null) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "parent_addr: the place of "
              + Addresses.show(addr)
              + " follows from its dn_path '"
              + name
              + "'");
    }
    if (parent != Addresses.NONE) {
      requireNode(parent, "parent_addr");
      requireWritable(parent, "parent_addr");
      tree.requireNotBelow(addr, parent);
    }
    tree.detach(addr);
    if (parent != Addresses.NONE) {
      tree.attach(addr, parent);
    }
  }

  /**
   * Gives a node another distinguished name, or none; the tree follows the name.
   *
   * @throws BindSqlException DUPLICATE_KEY if another node has the name, NOT_ALLOWED if nodes below
   *     have names or the node is not in the node zone, BAD_TEXT if a segment is empty
   */
  public void setDnPath(int addr, @Nullable String path) {
    requireNode(addr, "dn_path");
    requireWritable(addr, "dn_path");
    String name = path == null ? null : DnPath.parse(path).text();
    if (Objects.equals(name, names.path(addr))) {
      return;
    }
    if (name != null) {
      names.requireFree(addr, new DnPath(name));
    }
    names.unregister(addr);
    if (name != null) {
      names.register(addr, new DnPath(name));
    }
  }

  /**
   * Adds the edge, or sets its weight if there is one with these ends and verb.
   *
   * @param weight any finite number
   * @throws BindSqlException BAD_ARGUMENT if source, verb or target has no node
   */
  public void link(int from, int verb, int to, float weight) {
    requireNode(from, "link source");
    requireNode(verb, "link verb");
    requireNode(to, "link target");
    if (!Float.isFinite(weight)) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "link: weight is " + weight + ", expected a finite number");
    }
    draft.putEdge(from, verb, to, weight);
  }

  /** Removes the edge; returns whether there was one. */
  public boolean unlink(int from, int verb, int to) {
    return draft.removeEdge(
        Addresses.require(from, "unlink"),
        Addresses.require(verb, "unlink"),
        Addresses.require(to, "unlink"));
  }

  /**
   * Deletes the node with its name and all edges from it, to it and with it as verb; its children
   * become roots.
   *
   * @return whether there was a node
   * @throws BindSqlException READ_ONLY if the address is in the surface
   */
  public boolean delete(int addr) {
    if (Zone.of(Addresses.require(addr, "delete")) == Zone.SURFACE) {
      throw new BindSqlException(
          ErrorCode.READ_ONLY,
          "delete: " + Addresses.show(addr) + " is in the surface, whose nodes stay");
    }
    if (!contains(addr)) {
      return false;
    }
    names.removeFromTree(addr);
    for (Edge edge : edgesFrom(addr)) {
      draft.removeEdge(addr, edge.verb(), edge.to());
    }
    for (Edge edge : edgesTo(addr)) {
      draft.removeEdge(edge.from(), edge.verb(), addr);
    }
    if (draft.edgeCount(addr) > 0) {
      removeEdgesOfVerb(addr);
    }
    draft.clear(addr);
    return true;
  }

  /**
   * Marks an address clean if nothing changed there since the given generation.
   *
   * @return whether it is clean now
   */
  public boolean markClean(int addr, long generation) {
    if (generation(addr) != generation) {
      return false;
    }
    if (isDirty(addr)) {
      draft.own(addr).dirty.remove(Addresses.slot(addr));
    }
    return true;
  }

  private void removeEdgesOfVerb(int verb) {
    for (int from = 0; from < Addresses.COUNT; from++) {
      for (int to : traverse(from, verb)) {
        draft.removeEdge(from, verb, to);
      }
    }
  }

  private void setValues(int addr, NodeValues values) {
    Chunk chunk = draft.own(addr);
    int slot = Addresses.slot(addr);
    byte[] payload = values.payload();
    chunk.label[slot] = values.label();
    chunk.qidx[slot] = (byte) values.qidx();
    chunk.accessCount[slot] = values.accessCount();
    chunk.payload[slot] = payload == null ? null : payload.clone();
    chunk.contextId[slot] = values.contextId();
    chunk.rung[slot] = (byte) values.rung();
    chunk.sigma[slot] = (byte) values.sigma();
    chunk.spine[slot] = values.spine();
  }

  private void requireNode(int addr, String operation) {
    if (!contains(addr)) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, operation + ": there is no node at " + Addresses.show(addr));
    }
  }

  private static void requireWritable(int addr, String operation) {
    if (Addresses.isFixed(Addresses.require(addr, operation))) {
      throw new BindSqlException(
          ErrorCode.READ_ONLY,
          operation
              + ": "
              + Addresses.show(addr)
              + " is in surface prefixes 00 to 0B, which are"
              + " read only");
    }
  }

  @Override
  public long edgeCount() {
    return draft.edgeCount();
  }

  @Override
  @Nullable Chunk chunk(int prefix) {
    return draft.chunk(prefix);
  }

  @Override
  Directory directory() {
    return draft.directory;
  }

  @Override
  int count(Zone zone) {
    return draft.counts[zone.ordinal()];
  }
}
