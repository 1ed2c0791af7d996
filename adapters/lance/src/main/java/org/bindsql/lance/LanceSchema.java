package org.bindsql.lance;

import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.Manifest;
import org.bindsql.lance.dataset.TableNames;
import org.bindsql.lance.view.LanceViews;
import org.jspecify.annotations.Nullable;

/**
 * A folder as a schema: every directory {@code NAME.lance} in it is table NAME, and {@code
 * NAME:REF} one of its versions or branches, see {@link Reference}.
 *
 * <p>The folder need not exist yet; then there are no tables. Every lookup looks at the folder, so
 * that the next statement sees tables made, dropped or changed by anybody; in an object store the
 * first lookup after {@link #beginStatement} does. Nothing is opened on disk until a table's
 * columns are asked for: a damaged dataset fails alone.
 */
public final class LanceSchema extends AbstractSchema {
  private static final int MAX_VERSIONS = 64;

  private final Location location;
  private final LanceSession session;
  private final @Nullable RemoteFolder remote;
  private final Map<String, LanceTable> tables = new ConcurrentHashMap<>();
  private final Lookup<Table> lookup = new FolderLookup();

  /** Versions and branches as tables by their full names, those used last. */
  private final Map<String, DatasetTable> versions =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DatasetTable> eldest) {
          return size() > MAX_VERSIONS;
        }
      };

  /** Creates a schema over a folder, which is not touched before the first lookup. */
  public LanceSchema(Location location, LanceSession session) {
    this.location = location;
    this.session = session;
    this.remote = location.isLocal() ? null : new RemoteFolder(location, session);
  }

  /**
   * The dataset at a location as a table, whatever folder it lies in; nothing is opened before the
   * table's columns are asked for.
   */
  public static Table tableAt(Location dataset, LanceSession session) {
    return new LanceTable(dataset.uri(), dataset, session);
  }

  /** The folder. */
  public Location location() {
    return location;
  }

  /** The session its tables are opened in. */
  public LanceSession session() {
    return session;
  }

  @Override
  public Lookup<Table> tables() {
    return lookup;
  }

  /** Tells that what was seen in an object store may have changed; of no effect on disk. */
  public void beginStatement() {
    if (remote != null) {
      remote.forget();
    }
  }

  /** The table of exactly this name, or null if there is none. */
  public @Nullable LanceTable table(String name) {
    if (!TableNames.isSafe(name)) {
      return null;
    }
    Location dataset = TableNames.locate(location, name);
    if (!exists(name, dataset)) {
      tables.remove(name);
      return null;
    }
    LanceTable table = tables.computeIfAbsent(name, n -> new LanceTable(n, dataset, session));
    if (isCurrent(name, table)) {
      return table;
    }
    LanceTable changed = new LanceTable(name, dataset, session);
    tables.put(name, changed);
    return changed;
  }

  /**
   * The version or branch of a table that {@code references} leads to, or null if there is no such
   * table.
   *
   * @throws org.bindsql.error.BindSqlException BAD_ARGUMENT if there is no such version or branch
   */
  private @Nullable DatasetTable version(String name, String references) {
    LanceTable table = table(name);
    if (table == null) {
      return null;
    }
    String full = name + ":" + references;
    List<Reference> parsed = Reference.parse(references);
    References known = new References(table);
    References.Place place = known.resolve(parsed);
    DatasetTable found =
        place.version() == null
            ? new LanceTable(full, place.location(), session)
            : VersionTable.of(full, known, parsed);
    Manifest manifest = known.version(place).manifest();
    synchronized (versions) {
      DatasetTable cached = versions.get(full);
      if (cached != null && cached.getClass() == found.getClass() && cached.isAt(manifest)) {
        return cached;
      }
      versions.put(full, found);
      return found;
    }
  }

  private boolean exists(String name, Location dataset) {
    return remote == null ? Files.isDirectory(dataset.localPath()) : remote.newest(name) != null;
  }

  private boolean isCurrent(String name, LanceTable table) {
    if (remote == null) {
      return table.isCurrent();
    }
    Manifest newest = remote.newest(name);
    return newest != null && table.isAt(newest);
  }

  private NavigableSet<String> names() {
    return remote == null ? TableNames.list(location.localPath()) : remote.names();
  }

  private Set<String> tablesAndViews() {
    Set<String> names = new TreeSet<>(names());
    names.addAll(LanceViews.list(location));
    return names;
  }

  private final class FolderLookup implements Lookup<Table> {
    @Override
    public @Nullable Table get(String name) {
      int colon = name.indexOf(':');
      if (colon >= 0) {
        return version(name.substring(0, colon), name.substring(colon + 1));
      }
      LanceTable table = table(name);
      return table == null ? LanceViews.find(location, name) : table;
    }

    @Override
    public @Nullable Named<Table> getIgnoreCase(String name) {
      Table exact = get(name);
      if (exact != null) {
        return new Named<>(name, exact);
      }
      int colon = name.indexOf(':');
      String plain = colon < 0 ? name : name.substring(0, colon);
      for (String candidate : tablesAndViews()) {
        if (candidate.equalsIgnoreCase(plain)) {
          String full = colon < 0 ? candidate : candidate + name.substring(colon);
          Table table = get(full);
          if (table != null) {
            return new Named<>(full, table);
          }
        }
      }
      return null;
    }

    @Override
    public Set<String> getNames(LikePattern pattern) {
      Set<String> names = tablesAndViews();
      names.removeIf(name -> !pattern.matcher().apply(name));
      return names;
    }
  }
}
