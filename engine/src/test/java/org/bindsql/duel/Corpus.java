package org.bindsql.duel;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bindsql.LanceFixture;
import org.jspecify.annotations.Nullable;

/** Tables of random widths, sizes and layouts in one database, and what is known of them. */
final class Corpus {
  private static final int WIDTHS = 4;

  /** Bytes of fingerprints of a table, at most. */
  private static final int BYTES = 3 << 20;

  /** A table as it may stand in FROM; rows are null where they are the newest of the table. */
  record Source(DuelTable table, String sql, @Nullable List<Row> rows) {}

  private final Random random;
  private final Path folder;
  private final Connection connection;
  private final Writer writer;
  private final Map<DuelTable, Codes> codes = new LinkedHashMap<>();
  private final List<Source> sources = new ArrayList<>();
  private final List<DuelTable> changing = new ArrayList<>();

  /**
   * Makes the tables.
   *
   * @param mostRows of a table
   */
  Corpus(Path folder, Connection connection, int mostRows, Random random) throws SQLException {
    this.folder = folder;
    this.connection = connection;
    this.random = random;
    this.writer = new Writer(connection, random);
    for (int i = 0; i < WIDTHS; i++) {
      Codes of = new Codes(Codes.WIDTHS[random.nextInt(Codes.WIDTHS.length)], random);
      lance("t" + i, of, size(of.width(), mostRows));
      lance("q" + i, of, random.nextInt(12));
    }
    Codes records = new Codes(2048, random);
    bindSpace("bindspace.fluid", records, mostRows);
    bindSpace("bindspace.nodes", records, mostRows);
    changing.add(table("t0"));
    changing.add(table("bindspace.fluid"));
  }

  /** Everything that may be searched, but for versions. */
  List<Source> sources() {
    return sources;
  }

  /** The tables that a writer may change while they are searched. */
  List<DuelTable> changing() {
    return changing;
  }

  /** The tables whose rows stay. */
  List<DuelTable> staying() {
    return codes.keySet().stream().filter(table -> !changing.contains(table)).toList();
  }

  Codes codes(DuelTable table) {
    return codes.get(table);
  }

  private DuelTable table(String name) {
    return codes.keySet().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  private int size(int width, int mostRows) {
    int most = Math.min(mostRows, BYTES / width);
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(3);
      case 1 -> most;
      default -> random.nextInt(Math.min(most, 1200));
    };
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void lance(String name, Codes of, int size) throws SQLException {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      rows.add(of.row(i, true, random));
    }
    if (random.nextInt(4) == 0) {
      rows.clear();
      execute(
          "CREATE TABLE %s (id INTEGER NOT NULL, code BINARY(%d), bucket INTEGER, tag VARCHAR) WITH (stable_row_ids = true)"
              .formatted(name, of.width()));
    } else {
      LanceFixture.write(
          folder,
          name,
          of.width(),
          rows.stream()
              .map(row -> new LanceFixture.Row(row.id(), row.code(), row.bucket(), row.tag()))
              .toList());
    }
    DuelTable table = new DuelTable(name, of.width(), rows, 1);
    codes.put(table, of);
    if (size > 0) {
      layOut(table, of);
    }
    sources.add(new Source(table, name, null));
    execute("CREATE VIEW v_" + name + " AS SELECT * FROM " + name);
    sources.add(new Source(table, "v_" + name, null));
    if (random.nextBoolean()) {
      List<DuelTable.State> versions = table.versions();
      DuelTable.State state = versions.get(random.nextInt(versions.size()));
      execute("CREATE BRANCH dev ON " + name + " FOR VERSION AS OF " + state.version());
      sources.add(new Source(table, "\"" + name + ":dev\"", state.rows()));
    }
  }

  /** Several files, rows that are deleted, files merged again, sketches stored. */
  private void layOut(DuelTable table, Codes of) throws SQLException {
    for (int steps = random.nextInt(5); steps > 0; steps--) {
      switch (random.nextInt(5)) {
        case 0 -> writer.delete(table);
        case 1 -> writer.update(table, of);
        case 2 -> writer.change(table, of);
        default -> writer.insert(table, of, 1 + random.nextInt(40));
      }
    }
    if (random.nextInt(3) == 0) {
      execute("CREATE INDEX hdr_%1$s ON %1$s (code) USING HDR".formatted(table.name()));
    }
  }

  private void bindSpace(String name, Codes of, int mostRows) throws SQLException {
    DuelTable table = new DuelTable(name, 2048, List.of(), 0);
    codes.put(table, of);
    execute("DELETE FROM " + name); // that of the round before, if any
    for (int parts = random.nextInt(1 + Math.min(12, mostRows / 40)); parts > 0; parts--) {
      writer.insert(table, of, 1 + random.nextInt(60));
    }
    if (random.nextBoolean()) {
      writer.delete(table);
    }
    sources.add(new Source(table, name, null));
  }
}
