package org.bindsql.duel;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bindsql.duel.Corpus.Source;
import org.bindsql.duel.Search.Bound;

/** The same rows in DuckDB, with their order in {@code pos}: a second oracle. */
final class Duck implements AutoCloseable {
  private final Connection connection = DriverManager.getConnection("jdbc:duckdb:");
  private final Set<DuelTable> tables;

  /** Copies tables whose rows stay. */
  Duck(List<DuelTable> tables) throws SQLException {
    this.tables = new HashSet<>(tables);
    for (DuelTable table : tables) {
      copy(table);
    }
  }

  private void copy(DuelTable t) throws SQLException {
    try (Statement create = connection.createStatement()) {
      if (t.isBindSpace()) {
        create.execute("CREATE SCHEMA IF NOT EXISTS bindspace");
      }
      create.execute(
          "CREATE TABLE %s (pos INTEGER, %s INTEGER, %s BLOB, %s INTEGER, %s VARCHAR)"
              .formatted(t.name(), t.id(), t.code(), t.bucket(), t.tag()));
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + t.name() + " VALUES (?, ?, ?, ?, ?)")) {
      int position = 0;
      for (Row row : t.current().rows()) {
        insert.setInt(1, position++);
        insert.setInt(2, row.id());
        insert.setBytes(3, row.code());
        insert.setInt(4, row.bucket());
        insert.setString(5, row.tag());
        insert.addBatch();
      }
      if (position > 0) {
        insert.executeBatch();
      }
    }
  }

  /** Whether DuckDB can answer a search: it has the tables' newest rows, no versions. */
  boolean has(Search search, Source source) {
    String sql = search.duck();
    return sql != null
        && source.rows() == null
        && tables.contains(source.table())
        && !search.sql().contains("VERSION AS OF")
        && !search.sql().contains(":dev")
        && tables.stream()
            .anyMatch(t -> sql.contains(t.name() + " AS q") || !sql.contains(" AS q"));
  }

  List<String> run(Search search, Bound bound) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(search.duck())) {
      return Round.run(statement, bound.parameters(), "DuckDB");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
