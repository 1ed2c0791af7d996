package org.bindsql.rel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.bindsql.cascade.CascadeBatch;
import org.bindsql.vector.AlignedBuffer;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;
import org.bindsql.vector.VectorCopy;

/** Rows of a join's input that are searched for together: copies of their columns and codes. */
final class QueryGroup implements AutoCloseable {
  private final int capacity;
  private final int width;
  private final List<FieldVector> columns;
  private final BufferAllocator allocator;
  private final long stride;
  private final AlignedBuffer codes;
  private final int[] queries; // of each row: number of its code, or -1 for NULL
  private int rows;
  private int count;
  private int unfitBytes = -1;

  /**
   * Creates an empty group.
   *
   * @param columns vectors like those wanted of the input
   * @param capacity greatest number of rows
   * @param width bytes of a fingerprint of the table
   */
  QueryGroup(List<FieldVector> columns, int capacity, int width, BufferAllocator allocator) {
    this.capacity = capacity;
    this.width = width;
    this.queries = new int[capacity];
    this.allocator = allocator;
    this.stride = CascadeBatch.stride(width);
    this.codes = new AlignedBuffer(allocator, capacity * stride);
    try {
      this.columns = VectorCopy.emptyLike(columns, Math.min(capacity, 1024), allocator);
    } catch (Throwable e) {
      codes.close();
      throw e;
    }
  }

  /** Number of rows. */
  int rows() {
    return rows;
  }

  boolean isFull() {
    return rows == capacity;
  }

  /** The rows' columns. */
  List<FieldVector> columns() {
    return columns;
  }

  /** Number of the query of a row, -1 for NULL. */
  int query(int row) {
    return queries[row];
  }

  /** Bytes of a code that has not the width of the table's, -1 if all have. */
  int unfitBytes() {
    return unfitBytes;
  }

  /**
   * Takes rows until it is full.
   *
   * @param code the queries, in a binary vector
   * @param from first row, counted in active rows
   * @return the active rows taken, from the first on
   */
  int add(Batch batch, int[] inputColumns, FieldVector code, int from) {
    Selection active = batch.selection();
    int taken = Math.min(capacity - rows, active.count() - from);
    for (int i = 0; i < inputColumns.length; i++) {
      FieldVector source = batch.column(inputColumns[i]);
      FieldVector target = columns.get(i);
      for (int j = 0; j < taken; j++) {
        VectorCopy.copy(source, active.position(from + j), target, rows + j);
      }
      target.setValueCount(rows + taken);
    }
    for (int j = 0; j < taken; j++) {
      queries[rows + j] = addCode(code, active.position(from + j));
    }
    rows += taken;
    return taken;
  }

  private int addCode(FieldVector code, int row) {
    if (code.isNull(row)) {
      return -1;
    }
    switch (code) {
      case FixedSizeBinaryVector fixed -> {
        int length = fixed.getByteWidth();
        return addCode(code.getDataBuffer(), (long) row * length, length);
      }
      case BaseVariableWidthVector variable -> {
        int start = variable.getStartOffset(row);
        return addCode(code.getDataBuffer(), start, variable.getEndOffset(row) - start);
      }
      default -> {
        byte[] copy = (byte[]) code.getObject(row);
        try (ArrowBuf memory = allocator.buffer(Math.max(1, copy.length))) {
          memory.setBytes(0, copy);
          return addCode(memory, 0, copy.length);
        }
      }
    }
  }

  private int addCode(ArrowBuf memory, long at, int length) {
    if (length != width) {
      unfitBytes = length;
      return -1;
    }
    MemorySegment code = MemorySegment.ofAddress(memory.memoryAddress() + at).reinterpret(width);
    MemorySegment.copy(code, 0, codes.memory(), count * stride, width);
    return count++;
  }

  /** Number of the codes of the rows before {@code row}, which is the number of the next one. */
  int queriesBefore(int row) {
    return (int) Arrays.stream(queries, 0, row).filter(query -> query >= 0).count();
  }

  /** The codes of some queries, at multiples of {@link CascadeBatch#stride}. */
  MemorySegment codes(int firstQuery, int queryCount) {
    return codes.memory().asSlice(firstQuery * stride, queryCount * stride);
  }

  /** The same, one by one. */
  List<MemorySegment> codesOneByOne(int firstQuery, int queryCount) {
    return IntStream.range(firstQuery, firstQuery + queryCount)
        .mapToObj(query -> codes.memory().asSlice(query * stride, width))
        .toList();
  }

  @Override
  public void close() {
    columns.forEach(FieldVector::close);
    codes.close();
  }
}
