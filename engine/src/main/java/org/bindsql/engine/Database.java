package org.bindsql.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongUnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.calcite.schema.Schema;
import org.bindsql.bindspace.BindSpace;
import org.bindsql.bindspace.BindSpaceSchema;
import org.bindsql.engine.catalog.InformationSchema;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.engine.copy.Copies;
import org.bindsql.engine.maintenance.Maintenance;
import org.bindsql.engine.storage.StorageOptions;
import org.bindsql.engine.storage.StoragePolicy;
import org.bindsql.engine.storage.StoreUri;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceSchema;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.ddl.SchemaFolders;
import org.bindsql.lance.resident.ResidentColumns;
import org.bindsql.vector.ArrowMemory;
import org.jspecify.annotations.Nullable;

/**
 * An open database folder, on disk or in an object store: its off-heap memory, its tables, and the
 * sessions that use it.
 *
 * <p>Connections of one JVM to the same folder share one instance; it is closed with the last of
 * them. A database without a path is private to one connection, lies in a temporary folder and is
 * deleted when closed.
 */
public final class Database implements AutoCloseable {
  /** The schema of the tables in the folder, and of names without a schema. */
  public static final String DEFAULT_SCHEMA = TableName.DEFAULT_SCHEMA;

  private static final Map<Location, Database> OPEN = new HashMap<>();

  private final Location location;
  private final boolean temporary;
  private final BufferAllocator allocator = ArrowMemory.root();
  private final LanceSession lance;
  private final LanceSchema tables;
  private final BindSpace space;
  private final BindSpaceSchema nodes;
  private final Copies copies = new Copies();
  private final Map<String, LanceSchema> folders = new ConcurrentHashMap<>();
  private final Settings settings = new Settings();
  private final Maintenance maintenance;
  private int users = 1;

  private Database(Location location, boolean temporary) {
    this.location = location;
    this.temporary = temporary;
    this.lance = new LanceSession(allocator);
    this.lance.nameSchemas(this::schemaOf);
    this.tables = new LanceSchema(location, lance);
    this.space = new BindSpace(allocator);
    this.nodes = new BindSpaceSchema(space);
    this.maintenance = new Maintenance(tables, settings, InstantSource.system());
    settings.onChange(this::resizeCaches);
    resizeCaches();
  }

  /** Opens a database as a program does for itself; see the longer form. */
  public static Database open(@Nullable String path, boolean readOnly) {
    return open(path, readOnly, StoragePolicy.unrestricted(), Map.of());
  }

  /**
   * Opens a database, or joins those who have it open.
   *
   * @param path the folder, made if it is missing unless {@code readOnly}; or an object store's
   *     URI; null for a private temporary database
   * @param policy whether the path may be opened
   * @param options options of the object store as {@link StorageOptions} spells them
   */
  public static Database open(
      @Nullable String path, boolean readOnly, StoragePolicy policy, Map<String, String> options) {
    try {
      Database database =
          path == null
              ? new Database(Location.of(Files.createTempDirectory("bindsql-")), true)
              : StoreUri.isLocal(path)
                  ? join(path, policy, readOnly)
                  : share(policy.locationToOpen(path, options));
      if (!readOnly) {
        database.maintenance.start();
      }
      return database;
    } catch (IOException e) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "cannot open database folder '" + path + "': " + reason(e), e);
    }
  }

  private static Database join(String path, StoragePolicy policy, boolean readOnly)
      throws IOException {
    // A relative path is meant for the working folder, not for the policy's.
    String absolute =
        StoreUri.isUri(path) ? path : Path.of(path).toAbsolutePath().normalize().toString();
    Path folder = policy.fileToRead(absolute);
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "database path '" + path + "' is a file; expected a folder");
    }
    if (readOnly && !Files.exists(folder)) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "database folder '" + path + "' does not exist, and readOnly=true does not make one");
    }
    return share(Location.of(Files.createDirectories(folder).toRealPath()));
  }

  private static Database share(Location location) {
    synchronized (OPEN) {
      Database database = OPEN.get(location);
      if (database == null) {
        database = new Database(location, false);
        OPEN.put(location, database);
      } else {
        database.users++;
      }
      return database;
    }
  }

  /**
   * A session's initial settings with those of the database.
   *
   * @throws BindSqlException BAD_ARGUMENT if the database is in use with another value
   */
  Map<Setting, String> settings(Map<Setting, String> given) {
    Map<Setting, String> all = new HashMap<>(given);
    cache(all, Setting.INDEX_CACHE, lance::indexCache);
    cache(all, Setting.METADATA_CACHE, lance::metadataCache);
    return all;
  }

  private void resizeCaches() {
    ResidentColumns columns = ResidentColumns.of(lance);
    long bytes = settings.fingerprintCache(ResidentColumns.physicalMemory());
    if (columns.capacity() != bytes) {
      columns.resize(bytes);
    }
  }

  private static void cache(Map<Setting, String> all, Setting setting, LongUnaryOperator resize) {
    String asked = all.get(setting);
    long bytes = asked == null ? -1 : Long.parseLong(setting.check(asked));
    long actual = resize.applyAsLong(bytes);
    if (bytes >= 0 && actual != bytes) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "%s cannot be %d: the database is in use with %d"
              .formatted(setting.sqlName(), bytes, actual));
    }
    all.put(setting, Long.toString(actual));
  }

  /** Where the tables lie. */
  public Location location() {
    return location;
  }

  /** Parent of the allocators of all statements. */
  public BufferAllocator allocator() {
    return allocator;
  }

  /** The records in memory, which the schema {@code bindspace} shows. */
  public BindSpace bindSpace() {
    return space;
  }

  /** The COPY statements that run. */
  public Copies copies() {
    return copies;
  }

  /** The open datasets of the schema {@code main}. */
  public LanceSession lance() {
    return lance;
  }

  /** The settings that all sessions share. */
  Settings settings() {
    return settings;
  }

  /** What keeps the tables in shape. */
  Maintenance maintenance() {
    return maintenance;
  }

  /** The schemas by name, as a session sees them. */
  Map<String, Schema> schemas(Session session) {
    Map<String, Schema> schemas = new LinkedHashMap<>();
    schemas.put(DEFAULT_SCHEMA, tables);
    schemas.put("bindspace", nodes);
    schemas.put("information_schema", new InformationSchema());
    schemas.put("system", new SystemSchema(session));
    return schemas;
  }

  /** The schema whose tables lie in a folder; null if it is no schema of the database itself. */
  private @Nullable String schemaOf(String folder) {
    if (folder.equals(location.uri())) {
      return DEFAULT_SCHEMA;
    }
    for (String name : SchemaFolders.list(location)) {
      if (SchemaFolders.locate(location, name).uri().equals(folder)) {
        return name;
      }
    }
    return null;
  }

  /** The schemas that are folders in the database folder, by name, as they are now. */
  public Map<String, Schema> folderSchemas() {
    NavigableSet<String> names = SchemaFolders.list(location);
    folders.keySet().retainAll(names);
    Map<String, Schema> schemas = new LinkedHashMap<>();
    for (String name : names) {
      schemas.put(
          name,
          folders.computeIfAbsent(
              name, n -> new LanceSchema(SchemaFolders.locate(location, n), lance)));
    }
    return schemas;
  }

  /** Leaves the database; the last to leave closes it, which fails if off-heap memory leaked. */
  @Override
  public void close() {
    synchronized (OPEN) {
      if (--users > 0) {
        return;
      }
      OPEN.remove(location, this);
    }
    try (allocator;
        lance;
        space;
        maintenance) {
      // Closed in reverse order: what uses memory, then the memory.
    } finally {
      if (temporary) {
        deleteFolder(Objects.requireNonNull(location.path()));
      }
    }
  }

  private static void deleteFolder(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure)
                throws IOException {
              Files.delete(dir);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete temporary database " + folder, e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }
}
