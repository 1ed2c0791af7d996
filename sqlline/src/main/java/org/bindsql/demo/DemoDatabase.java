package org.bindsql.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bindsql.engine.Database;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.functions.TextFingerprint;
import org.bindsql.lance.ddl.LanceTables;

/**
 * The demonstration database: {@code main.symbols}, which stays in the folder, and {@code
 * bindspace.nodes} with its edges, which lives as long as the process.
 */
final class DemoDatabase {
  private static final String TABLE = "symbols";
  private static final String MARKER = "symbols.of-jdk";

  /** To be changed with the columns or the texts of the table, so that older ones are remade. */
  private static final String FORMAT = "1";

  private static final Function<String, byte[]> FINGERPRINT = TextFingerprint::of;

  private final Database database;
  private final Progress progress;

  DemoDatabase(Database database, Progress progress) {
    this.database = database;
    this.progress = progress;
  }

  /**
   * Makes {@code main.symbols} unless the folder holds it for this JDK already.
   *
   * @throws BindSqlException TABLE_EXISTS if there is a table of that name made by someone else
   */
  void index(Supplier<List<ApiType>> source) {
    Path folder = database.location().path();
    if (folder == null) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "the demo makes a database in a local folder; expected -d DIR");
    }
    Path marker = folder.resolve(MARKER);
    String version = FORMAT + " " + Platform.version();
    boolean exists = Files.isDirectory(folder.resolve(TABLE + ".lance"));
    String found = read(marker);
    if (exists && found.isEmpty()) {
      throw new BindSqlException(
          ErrorCode.TABLE_EXISTS,
          "table "
              + TABLE
              + " in "
              + folder
              + " was not made by the demo; name another folder: bindsql demo -d DIR");
    }
    if (exists && found.equals(version)) {
      return;
    }
    write(marker, "unfinished");
    progress.begin("Reading the public API of JDK " + Platform.version());
    List<Symbol> symbols = source.get().stream().flatMap(type -> Symbol.of(type).stream()).toList();
    progress.end(symbols.size() + " classes, constructors, methods and fields");
    progress.begin("Fingerprinting them into the Lance table main." + TABLE);
    SymbolRows rows =
        new SymbolRows(
            symbols,
            FINGERPRINT,
            done -> progress.done(done, symbols.size()),
            database.allocator());
    long written =
        LanceTables.write(
            database.location(),
            TABLE,
            SymbolRows.SCHEMA,
            rows,
            exists ? LanceTables.Mode.REPLACE : LanceTables.Mode.CREATE,
            database.lance());
    write(marker, version);
    progress.end(written + " rows of 2,048-byte fingerprints");
  }

  /** Fills {@code bindspace.nodes} and {@code bindspace.edges}. */
  void fillBindSpace(Supplier<List<ApiType>> source) {
    progress.begin("Loading the types of java.base into BindSpace");
    NodeLoader loader = new NodeLoader(new TypeGraph(source.get()), FINGERPRINT);
    int types = loader.load(database.bindSpace());
    progress.end(types + " types with names, tree, edges and schema");
  }

  private static String read(Path marker) {
    try {
      return Files.exists(marker) ? Files.readString(marker).strip() : "";
    } catch (IOException e) {
      throw failure(marker, e);
    }
  }

  private static void write(Path marker, String text) {
    try {
      Files.writeString(marker, text + "\n");
    } catch (IOException e) {
      throw failure(marker, e);
    }
  }

  private static BindSqlException failure(Path marker, IOException e) {
    return new BindSqlException(
        ErrorCode.NOT_ALLOWED, "cannot read or write " + marker + ": " + e.getMessage(), e);
  }
}
