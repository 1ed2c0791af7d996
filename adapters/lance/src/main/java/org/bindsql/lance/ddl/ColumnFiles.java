package org.bindsql.lance.ddl;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.FragmentMetadata;

/** Data files with the values of one more column, a file beside those of each fragment. */
final class ColumnFiles {
  private static final String ADDRESS = "_rowaddr";

  /** A failure of the rows, not of what is done with them. */
  static final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final RuntimeException failure;

    SourceException(RuntimeException failure) {
      super(failure);
      this.failure = failure;
    }

    RuntimeException failure() {
      return failure;
    }
  }

  private final Dataset dataset;
  private final Schema schema;
  private final BatchReader rows;
  private final BufferAllocator allocator;
  private @Nullable Batch batch;
  private int next;

  /**
   * Creates files, unwritten.
   *
   * @param rows the address of every row, ascending, and its value; stays open
   */
  ColumnFiles(Dataset dataset, Field field, BatchReader rows, BufferAllocator allocator) {
    this.dataset = dataset;
    this.schema =
        new Schema(List.of(Field.notNullable(ADDRESS, new ArrowType.Int(64, false)), field));
    this.rows = rows;
    this.allocator = allocator;
  }

  /** Writes them all; returns the fragments with their new files. */
  List<FragmentMetadata> write() throws Exception {
    List<FragmentMetadata> fragments = new ArrayList<>();
    for (Fragment fragment : dataset.getFragments()) {
      try (FragmentRows values = new FragmentRows(fragment.getId());
          ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
        Data.exportArrayStream(allocator, values, stream);
        try {
          fragments.add(fragment.mergeColumns(stream, ADDRESS, ADDRESS).getFragmentMetadata());
        } catch (Exception e) { // lance-core throws IOException undeclared
          throw values.failure == null ? e : new SourceException(values.failure);
        }
      }
    }
    if (hasRow()) {
      throw new BindSqlException(
          ErrorCode.SERIALIZATION_FAILURE, "the table got rows while those it had were read");
    }
    return fragments;
  }

  /** Whether a row is left to be read, which {@link #batch} and {@link #next} then point at. */
  private boolean hasRow() {
    Batch current = batch;
    while (current == null || next >= current.selection().count()) {
      current = rows.next();
      batch = current;
      next = 0;
      if (current == null) {
        return false;
      }
    }
    return true;
  }

  /** The rows of one fragment as a stream. */
  private final class FragmentRows extends ArrowReader {
    private final int fragment;
    private @Nullable RuntimeException failure;

    FragmentRows(int fragment) {
      super(ColumnFiles.this.allocator);
      this.fragment = fragment;
    }

    @Override
    public boolean loadNextBatch() throws java.io.IOException {
      try {
        VectorSchemaRoot root = getVectorSchemaRoot();
        root.clear();
        return hasRow() && fill(root) > 0;
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
    }

    private int fill(VectorSchemaRoot root) {
      Batch current = java.util.Objects.requireNonNull(batch);
      Selection selection = current.selection();
      BigIntVector addresses = (BigIntVector) current.column(0);
      UInt8Vector keys = (UInt8Vector) root.getVector(0);
      FieldVector values = root.getVector(1);
      int most = selection.count() - next;
      keys.allocateNew(most);
      values.setInitialCapacity(most);
      values.allocateNew();
      int count = 0;
      for (; next < selection.count(); next++) {
        int row = selection.position(next);
        long address = addresses.get(row);
        if (address >>> 32 != fragment) {
          break;
        }
        keys.set(count, address);
        values.copyFromSafe(row, count, current.column(1));
        count++;
      }
      root.setRowCount(count);
      return count;
    }

    @Override
    public long bytesRead() {
      return 0;
    }

    @Override
    protected void closeReadSource() {
      // The rows are read on for the next fragment.
    }

    @Override
    protected Schema readSchema() {
      return schema;
    }
  }
}
