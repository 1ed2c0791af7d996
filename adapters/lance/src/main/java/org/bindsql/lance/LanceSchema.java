package org.bindsql.lance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;
import org.jspecify.annotations.Nullable;

/**
 * A folder as a schema: every directory {@code NAME.lance} in it is table NAME.
 *
 * <p>The folder need not exist yet; then there are no tables. Every lookup looks at the folder, so
 * that the next statement sees tables made, dropped or changed by anybody. Nothing is opened until
 * a table's columns are asked for: a damaged dataset fails alone.
 */
public final class LanceSchema extends AbstractSchema {
  private final Path folder;
  private final LanceSession session;
  private final Map<String, LanceTable> tables = new ConcurrentHashMap<>();
  private final Lookup<Table> lookup = new FolderLookup();

  /** Creates a schema over a folder, which is not touched before the first lookup. */
  public LanceSchema(Path folder, LanceSession session) {
    this.folder = folder.toAbsolutePath().normalize();
    this.session = session;
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** The session its tables are opened in. */
  public LanceSession session() {
    return session;
  }

  @Override
  public Lookup<Table> tables() {
    return lookup;
  }

  /** The table of exactly this name, or null if there is none. */
  public @Nullable LanceTable table(String name) {
    if (!TableNames.isSafe(name)) {
      return null;
    }
    Path directory = TableNames.directory(folder, name);
    if (!Files.isDirectory(directory)) {
      tables.remove(name);
      return null;
    }
    LanceTable table = tables.computeIfAbsent(name, n -> new LanceTable(n, directory, session));
    if (table.isCurrent()) {
      return table;
    }
    LanceTable changed = new LanceTable(name, directory, session);
    tables.put(name, changed);
    return changed;
  }

  private final class FolderLookup implements Lookup<Table> {
    @Override
    public @Nullable Table get(String name) {
      return table(name);
    }

    @Override
    public @Nullable Named<Table> getIgnoreCase(String name) {
      LanceTable exact = table(name);
      if (exact != null) {
        return new Named<>(name, exact);
      }
      for (String candidate : TableNames.list(folder)) {
        LanceTable table = candidate.equalsIgnoreCase(name) ? table(candidate) : null;
        if (table != null) {
          return new Named<>(candidate, table);
        }
      }
      return null;
    }

    @Override
    public Set<String> getNames(LikePattern pattern) {
      Set<String> names = new TreeSet<>(TableNames.list(folder));
      names.removeIf(name -> !pattern.matcher().apply(name));
      return names;
    }
  }
}
