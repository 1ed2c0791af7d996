package org.bindsql.lance.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.type.ValueWidth;
import org.jspecify.annotations.Nullable;

/**
 * The way from the columns that SQL wants to those that Lance reads, and back.
 *
 * <p>Vectors made on the way back belong to the projection and live until the next batch.
 */
public final class Projection implements AutoCloseable {
  private static final long BATCH_BYTES = 8L << 20;

  private final Snapshot snapshot;
  private final int[] columns;
  private final List<String> names = new ArrayList<>();
  private final List<FieldVector> made = new ArrayList<>();
  private final boolean addressable;

  /**
   * Creates a projection.
   *
   * @param columns positions in the snapshot's SQL schema
   */
  public Projection(Snapshot snapshot, int... columns) {
    this.snapshot = snapshot;
    this.columns = columns;
    boolean all = true;
    for (int column : columns) {
      for (int source : snapshot.sources().get(column)) {
        String name = snapshot.name(source);
        all &= isAddressable(name);
        if (!names.contains(name)) {
          names.add(name);
        }
      }
    }
    this.addressable = all;
  }

  /**
   * Whether Lance finds a column of this name. It takes names with a back-tick for syntax (and ends
   * the process over one in a take), and text leaves Java in an encoding it cannot read when there
   * are characters beyond the basic plane or NUL.
   */
  public static boolean isAddressable(String name) {
    return !name.isEmpty()
        && name.chars().noneMatch(c -> c == '`' || c == 0 || Character.isSurrogate((char) c));
  }

  /** Whether Lance can be asked for just these columns; if not, ask for all of them. */
  public boolean isAddressable() {
    return addressable;
  }

  /** Names of the stored columns to read, without repetition. */
  public List<String> names() {
    return names;
  }

  /** Those of the {@link #names} that a scan with filter must take, see {@link TakenColumns}. */
  public List<String> takenNames() {
    return snapshot.stored().getFields().stream()
        .filter(field -> names.contains(field.getName()) && TakenColumns.isNeeded(field))
        .map(Field::getName)
        .toList();
  }

  /** Fails if the columns cannot be asked for by name. */
  public void requireAddressable() {
    if (!addressable) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "Lance cannot read single rows of a column whose name is empty or has a back-tick, NUL"
              + " or a character beyond U+FFFF; wanted: "
              + names);
    }
  }

  /**
   * Rows to read at a time: as many as wanted, or fewer so that a batch has 8 MiB by what the types
   * say of the values' widths; at least 1.
   */
  public int batchRows(int wanted) {
    long width =
        snapshot.stored().getFields().stream()
            .filter(field -> !addressable || names.contains(field.getName()))
            .mapToLong(ValueWidth::of)
            .sum();
    return (int) Math.clamp(BATCH_BYTES / Math.max(1, width), 1, wanted);
  }

  /** The wanted columns of the batch that the reader has loaded. */
  public List<FieldVector> vectors(ArrowReader reader, BufferAllocator allocator)
      throws IOException {
    return vectors(reader, null, allocator);
  }

  /** The wanted columns of the batches that two readers of the same rows have loaded. */
  public List<FieldVector> vectors(
      ArrowReader reader, @Nullable ArrowReader taken, BufferAllocator allocator)
      throws IOException {
    close();
    VectorSchemaRoot root = reader.getVectorSchemaRoot();
    List<FieldVector> vectors = new ArrayList<>(columns.length);
    for (int column : columns) {
      int[] sources = snapshot.sources().get(column);
      String name = snapshot.name(sources[0]);
      FieldVector vector = root.getVector(name);
      FieldVector first =
          vector == null && taken != null
              ? decoded(taken, taken.getVectorSchemaRoot().getVector(name), allocator)
              : decoded(reader, vector, allocator);
      vectors.add(
          sources.length == 1
              ? first
              : joined(
                  snapshot.schema().getFields().get(column),
                  (FixedSizeBinaryVector) first,
                  (FixedSizeBinaryVector) root.getVector(snapshot.name(sources[1])),
                  allocator));
    }
    return vectors;
  }

  private FieldVector decoded(ArrowReader reader, FieldVector vector, BufferAllocator allocator)
      throws IOException {
    DictionaryEncoding encoding = vector.getField().getDictionary();
    if (vector instanceof UInt8Vector unsigned
        && Snapshot.LANCE_COLUMNS.contains(vector.getName())) {
      FieldVector signed = signed(unsigned, allocator);
      made.add(signed);
      return signed;
    }
    if (encoding == null) {
      return vector;
    }
    Dictionary dictionary = reader.getDictionaryVectors().get(encoding.getId());
    FieldVector values = (FieldVector) DictionaryEncoder.decode(vector, dictionary, allocator);
    made.add(values);
    return values;
  }

  /** Lance's row numbers, which are below 2^63, as SQL's BIGINT. */
  private static FieldVector signed(UInt8Vector numbers, BufferAllocator allocator) {
    BigIntVector result = new BigIntVector(numbers.getName(), allocator);
    int rows = numbers.getValueCount();
    result.allocateNew(rows);
    for (int i = 0; i < rows; i++) {
      if (numbers.isNull(i)) {
        result.setNull(i);
      } else {
        result.set(i, numbers.get(i));
      }
    }
    result.setValueCount(rows);
    return result;
  }

  /** The bytes of two columns side by side; NULL where one of them is. */
  private FieldVector joined(
      Field field,
      FixedSizeBinaryVector left,
      FixedSizeBinaryVector right,
      BufferAllocator allocator) {
    FixedSizeBinaryVector result = (FixedSizeBinaryVector) field.createVector(allocator);
    made.add(result);
    int rows = left.getValueCount();
    int leftWidth = left.getByteWidth();
    int rightWidth = right.getByteWidth();
    result.allocateNew(rows);
    ArrowBuf to = result.getDataBuffer();
    for (int i = 0; i < rows; i++) {
      if (left.isNull(i) || right.isNull(i)) {
        result.setNull(i);
        continue;
      }
      long at = (long) i * (leftWidth + rightWidth);
      to.setBytes(at, left.getDataBuffer(), (long) i * leftWidth, leftWidth);
      to.setBytes(at + leftWidth, right.getDataBuffer(), (long) i * rightWidth, rightWidth);
      result.setIndexDefined(i);
    }
    result.setValueCount(rows);
    return result;
  }

  @Override
  public void close() {
    made.forEach(FieldVector::close);
    made.clear();
  }

  @Override
  public String toString() {
    return Arrays.toString(columns);
  }
}
