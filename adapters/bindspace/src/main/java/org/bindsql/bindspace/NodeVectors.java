package org.bindsql.bindspace;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;

/** Builds vectors of node columns from one image of the space. */
final class NodeVectors {
  private final BindView view;
  private final BufferAllocator allocator;

  /**
   * Creates a builder.
   *
   * @param allocator of the vectors that are built
   */
  NodeVectors(BindView view, BufferAllocator allocator) {
    this.view = view;
    this.allocator = allocator;
  }

  /**
   * Vectors over consecutive slots of a chunk, {@code from} to {@code to} (exclusive), with values
   * at the given slots.
   */
  List<FieldVector> range(List<NodeColumn> columns, Chunk chunk, int from, int to, int[] slots) {
    List<FieldVector> vectors = new ArrayList<>(columns.size());
    try {
      for (NodeColumn column : columns) {
        FieldVector vector = allocate(column, to - from);
        vectors.add(vector);
        for (int slot : slots) {
          set(column, vector, slot - from, chunk, slot);
        }
        vector.setValueCount(to - from);
      }
      return vectors;
    } catch (Throwable e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
  }

  /** Vectors with the values of the given nodes, in that order; everything is copied. */
  List<FieldVector> gather(List<NodeColumn> columns, long[] addresses, int from, int to) {
    List<FieldVector> vectors = new ArrayList<>(columns.size());
    try {
      for (NodeColumn column : columns) {
        FieldVector vector = allocate(column, to - from);
        vectors.add(vector);
        for (int i = from; i < to; i++) {
          int addr = (int) addresses[i];
          set(column, vector, i - from, view.occupiedChunk(addr), Addresses.slot(addr));
        }
        vector.setValueCount(to - from);
      }
      return vectors;
    } catch (Throwable e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
  }

  private void set(NodeColumn column, FieldVector vector, int row, Chunk chunk, int slot) {
    if (column == NodeColumn.DN) {
      Cells.setBytes(vector, row, sortKey(Addresses.of(chunk.prefix, slot)));
    } else {
      column.cell().set(vector, row, chunk, slot);
    }
  }

  /**
   * Addresses from the root to the node, two bytes each, big-endian: unique, and the keys of a
   * subtree are exactly those that begin with its root's key.
   */
  private byte[] sortKey(int addr) {
    int[] ancestors = view.ancestors(addr);
    byte[] key = new byte[2 * (ancestors.length + 1)];
    for (int i = 0; i <= ancestors.length; i++) {
      int step = i == ancestors.length ? addr : ancestors[ancestors.length - 1 - i];
      key[2 * i] = (byte) (step >>> 8);
      key[2 * i + 1] = (byte) step;
    }
    return key;
  }

  private FieldVector allocate(NodeColumn column, int rows) {
    FieldVector vector = column.field().createVector(allocator);
    try {
      if (vector instanceof BaseFixedWidthVector fixed) {
        fixed.allocateNew(rows);
      } else {
        vector.setInitialCapacity(rows);
        vector.allocateNew();
      }
      return vector;
    } catch (Throwable e) {
      vector.close();
      throw e;
    }
  }
}
