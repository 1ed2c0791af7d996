package org.bindsql.vector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Arrow's own kind of stream as batches, its dictionary-encoded columns decoded. The stream itself
 * is not closed.
 */
public final class ArrowReaderBatches implements BatchReader {
  private final ArrowReader reader;
  private final BufferAllocator allocator;
  private final @Nullable ImportedMemory imported;
  private final List<FieldVector> decoded = new ArrayList<>();

  /**
   * Creates a reader.
   *
   * @param allocator memory for decoded columns
   */
  public ArrowReaderBatches(ArrowReader reader, BufferAllocator allocator) {
    this(reader, allocator, null);
  }

  /**
   * Creates a reader of a stream that imports its batches.
   *
   * @param imported counts the batches; closed with this reader
   */
  public ArrowReaderBatches(
      ArrowReader reader, BufferAllocator allocator, @Nullable ImportedMemory imported) {
    this.reader = reader;
    this.allocator = allocator;
    this.imported = imported;
  }

  /**
   * The stream's columns, with the type of the values where they are dictionary-encoded.
   *
   * @throws BindSqlException NOT_SUPPORTED if a field inside a column is dictionary-encoded
   * @throws UncheckedIOException if the stream cannot be read
   */
  public static Schema schema(ArrowReader reader) {
    try {
      List<Field> fields = new ArrayList<>();
      for (Field field : reader.getVectorSchemaRoot().getSchema().getFields()) {
        DictionaryEncoding encoding = field.getDictionary();
        Field values =
            encoding == null ? field : dictionary(reader, encoding).getVector().getField();
        requirePlain(field.getName(), values.getChildren());
        fields.add(
            new Field(
                field.getName(),
                new FieldType(field.isNullable(), values.getType(), null, field.getMetadata()),
                values.getChildren()));
      }
      return new Schema(fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requirePlain(String column, List<Field> children) {
    for (Field child : children) {
      if (child.getDictionary() != null) {
        throw new BindSqlException(
            ErrorCode.NOT_SUPPORTED,
            "column " + column + " has dictionary-encoded values inside, which cannot be read");
      }
      requirePlain(column, child.getChildren());
    }
  }

  private static Dictionary dictionary(ArrowReader reader, DictionaryEncoding encoding)
      throws IOException {
    Dictionary dictionary = reader.getDictionaryVectors().get(encoding.getId());
    if (dictionary == null) {
      throw new IOException("dictionary " + encoding.getId() + " is missing");
    }
    return dictionary;
  }

  @Override
  public @Nullable Batch next() {
    close();
    try {
      if (!(imported == null ? reader.loadNextBatch() : imported.loadNextBatch(reader))) {
        return null;
      }
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      List<FieldVector> vectors = new ArrayList<>();
      for (FieldVector vector : root.getFieldVectors()) {
        vectors.add(decoded(vector));
      }
      return Batch.of(vectors, root.getRowCount());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FieldVector decoded(FieldVector vector) throws IOException {
    DictionaryEncoding encoding = vector.getField().getDictionary();
    if (encoding == null) {
      return vector;
    }
    Dictionary dictionary = dictionary(reader, encoding);
    FieldVector values = (FieldVector) DictionaryEncoder.decode(vector, dictionary, allocator);
    decoded.add(values);
    return values;
  }

  /** Frees decoded columns. */
  @Override
  public void close() {
    decoded.forEach(FieldVector::close);
    decoded.clear();
    if (imported != null) {
      imported.close();
    }
  }
}
