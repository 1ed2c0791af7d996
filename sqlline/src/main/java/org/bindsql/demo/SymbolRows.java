package org.bindsql.demo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** The rows of {@code main.symbols}, numbered from 1, with the fingerprints of their texts. */
final class SymbolRows implements BatchReader {
  /** Bytes of a fingerprint. */
  static final int FINGERPRINT = 2048;

  private static final int BATCH = 2048;

  /** The columns. */
  static final Schema SCHEMA =
      new Schema(
          List.of(
              field("id", new ArrowType.Int(32, true)),
              field("module", new ArrowType.Utf8()),
              field("package", new ArrowType.Utf8()),
              field("class_name", new ArrowType.Utf8()),
              field("member", new ArrowType.Utf8()),
              field("kind", new ArrowType.Utf8()),
              field("signature", new ArrowType.Utf8()),
              field("deprecated", new ArrowType.Bool()),
              field("text", new ArrowType.Utf8()),
              field("fingerprint", new ArrowType.FixedSizeBinary(FINGERPRINT))));

  private final List<Symbol> symbols;
  private final Function<String, byte[]> fingerprint;
  private final IntConsumer progress;
  private final VectorSchemaRoot root;
  private int next;

  /**
   * Creates the reader.
   *
   * @param fingerprint makes {@value #FINGERPRINT} bytes of a text; called by several threads
   * @param progress told how many rows are done
   */
  SymbolRows(
      List<Symbol> symbols,
      Function<String, byte[]> fingerprint,
      IntConsumer progress,
      BufferAllocator allocator) {
    this.symbols = symbols;
    this.fingerprint = fingerprint;
    this.progress = progress;
    this.root = VectorSchemaRoot.create(SCHEMA, allocator);
  }

  private static Field field(String name, ArrowType type) {
    return new Field(name, FieldType.notNullable(type), List.of());
  }

  @Override
  public @Nullable Batch next() {
    int count = Math.min(BATCH, symbols.size() - next);
    if (count == 0) {
      return null;
    }
    List<Symbol> rows = symbols.subList(next, next + count);
    byte[][] codes = new byte[count][];
    IntStream.range(0, count)
        .parallel()
        .forEach(i -> codes[i] = fingerprint.apply(rows.get(i).text()));
    root.allocateNew();
    IntVector id = (IntVector) root.getVector("id");
    BitVector deprecated = (BitVector) root.getVector("deprecated");
    FixedSizeBinaryVector code = (FixedSizeBinaryVector) root.getVector("fingerprint");
    for (int i = 0; i < count; i++) {
      Symbol symbol = rows.get(i);
      id.setSafe(i, next + i + 1);
      deprecated.setSafe(i, symbol.deprecated() ? 1 : 0);
      code.setSafe(i, codes[i]);
      text("module", i, symbol.module());
      text("package", i, symbol.packageName());
      text("class_name", i, symbol.className());
      text("member", i, symbol.member());
      text("kind", i, symbol.kind());
      text("signature", i, symbol.signature());
      text("text", i, symbol.text());
    }
    root.setRowCount(count);
    next += count;
    progress.accept(next);
    List<FieldVector> columns = new ArrayList<>(root.getFieldVectors());
    return Batch.of(columns, count);
  }

  private void text(String column, int row, String value) {
    ((VarCharVector) root.getVector(column)).setSafe(row, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    root.close();
  }
}
