package org.bindsql.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;

/** The same rows in a Parquet file, read by DuckDB with as many threads as it wants. */
final class DuckEvents implements AutoCloseable {
  private final Connection connection;
  private final Path file;

  /** Writes the file. */
  DuckEvents(BufferAllocator allocator, Path file, long rows) throws Exception {
    this.connection = DriverManager.getConnection("jdbc:duckdb:");
    this.file = file;
    try (ArrowReader reader = new EventReader(allocator, rows);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator);
        Statement statement = connection.createStatement()) {
      Data.exportArrayStream(allocator, reader, stream);
      connection.unwrap(DuckDBConnection.class).registerArrowStream("events", stream);
      statement.execute("COPY (SELECT * FROM events) TO '" + file + "' (FORMAT parquet)");
    }
  }

  /** Runs a query in which the file stands for {@code %s}; returns its number of rows. */
  long drain(String query) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return LanceCompare.drain(statement.executeQuery(query.formatted("'" + file + "'")));
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
