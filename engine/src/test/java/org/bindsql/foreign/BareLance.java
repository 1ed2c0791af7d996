package org.bindsql.foreign;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.lance.Dataset;
import org.lance.WriteParams;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/** lance-core without BindSQL: what another program would see of a table, and write. */
final class BareLance implements AutoCloseable {
  final BufferAllocator allocator = new RootAllocator();
  private final Path folder;

  /** Datasets {@code NAME.lance} of a folder. */
  BareLance(Path folder) throws SQLException {
    this.folder = folder;
    // Loads the native library from BindSQL's cache: lance-core itself would unpack it again.
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t AS SELECT 1 AS x");
    }
  }

  private String uri(String name) {
    return folder.resolve(name + ".lance").toString();
  }

  Dataset open(String name) {
    return Dataset.open().allocator(allocator).uri(uri(name)).build();
  }

  /** Writes a root, whose encoded columns have their dictionaries in the provider. */
  void write(String name, VectorSchemaRoot root, DictionaryProvider dictionaries, WriteParams how)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ArrowStreamWriter writer = new ArrowStreamWriter(root, dictionaries, bytes)) {
      writer.start();
      writer.writeBatch();
      writer.end();
    }
    try (ArrowReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, reader, stream);
      @SuppressWarnings("deprecation") // the only way to ask for the older names of manifests
      Dataset dataset = Dataset.create(allocator, stream, uri(name), how);
      dataset.close();
    }
  }

  /** All rows as text in the order of a scan, binary values in hex. */
  List<String> rows(String name, String... columns) throws Exception {
    ScanOptions.Builder options = new ScanOptions.Builder();
    if (columns.length > 0) {
      options.columns(List.of(columns));
    }
    List<String> rows = new ArrayList<>();
    try (Dataset dataset = open(name);
        LanceScanner scanner = LanceScanner.create(dataset, options.build(), allocator);
        ArrowReader reader = scanner.scanBatches()) {
      while (reader.loadNextBatch()) {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        List<FieldVector> vectors = new ArrayList<>();
        for (FieldVector vector : root.getFieldVectors()) {
          vectors.add(
              vector.getField().getDictionary() == null
                  ? vector
                  : (FieldVector)
                      DictionaryEncoder.decode(
                          vector,
                          Objects.requireNonNull(
                              reader.lookup(vector.getField().getDictionary().getId()))));
        }
        for (int i = 0; i < root.getRowCount(); i++) {
          int row = i;
          rows.add(String.join("|", vectors.stream().map(v -> text(v.getObject(row))).toList()));
        }
        vectors.stream()
            .filter(v -> !root.getFieldVectors().contains(v))
            .forEach(FieldVector::close);
      }
    }
    return rows;
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? HexFormat.of().withUpperCase().formatHex(bytes)
        : String.valueOf(value);
  }

  /** Rows of a query as text. */
  static List<String> query(Statement statement, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  @Override
  public void close() {
    allocator.close(); // fails if memory leaked
  }
}
