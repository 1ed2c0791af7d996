package org.bindsql.lance.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.jni.LanceErrors;
import org.bindsql.lance.jni.NativeLibrary;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.ReadOptions;
import org.lance.Session;

/**
 * What all Lance tables of one application share: bounded native caches and the open datasets.
 *
 * <p>Datasets are kept open by version and closed when nobody uses them; closing one in use would
 * be a use after free in the native library. The native library loads with the first dataset.
 * Thread-safe.
 */
public final class LanceSession implements AutoCloseable {
  /** Bytes of index data kept in memory where nothing else is said: 512 MiB. */
  public static final long DEFAULT_INDEX_CACHE = 512L << 20;

  /** Bytes of file metadata kept in memory where nothing else is said: 128 MiB. */
  public static final long DEFAULT_METADATA_CACHE = 128L << 20;

  /** How much smaller caches are that belong to one table. */
  private static final int OWN_SHARE = 8;

  /** Datasets that stay open although no statement reads them. */
  private static final int MAX_IDLE = 32;

  private static final class Entry {
    final Dataset dataset;
    int users;
    long idleSince;

    Entry(Dataset dataset) {
      this.dataset = dataset;
    }
  }

  private final BufferAllocator allocator;
  private long indexCache;
  private long metadataCache;
  private final ConcurrentMap<DatasetVersion, Entry> open = new ConcurrentHashMap<>();
  private final NewestManifests newest = new NewestManifests();
  private final VersionHolds holds = new VersionHolds();
  private final Map<Class<?>, Companion> companions = new ConcurrentHashMap<>();
  private final AtomicLong clock = new AtomicLong();
  private final Lineages lineages = new Lineages(this::sharedCaches, this::newCaches);
  private volatile Function<String, @Nullable String> schemas = folder -> null;
  private boolean loaded;
  private volatile boolean closed;

  /** Creates a session with the default cache sizes. */
  public LanceSession(BufferAllocator parent) {
    this(parent, DEFAULT_INDEX_CACHE, DEFAULT_METADATA_CACHE);
  }

  /**
   * Creates a session.
   *
   * @param parent where the session's own small allocations come from
   * @param indexCache greatest bytes of native memory for index data, at least 0
   * @param metadataCache greatest bytes of native memory for file metadata, at least 0
   */
  public LanceSession(BufferAllocator parent, long indexCache, long metadataCache) {
    if (indexCache < 0 || metadataCache < 0) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "lance.index_cache and lance.metadata_cache: "
              + Math.min(indexCache, metadataCache)
              + " bytes, expected 0 or more");
    }
    this.allocator = parent.newChildAllocator("lance", 0, Long.MAX_VALUE);
    this.indexCache = indexCache;
    this.metadataCache = metadataCache;
  }

  /**
   * Tells how messages name the schemas of tables.
   *
   * @param names the schema whose tables lie in the folder of a path or URI, or null if none is
   *     known
   */
  public void nameSchemas(Function<String, @Nullable String> names) {
    schemas = names;
  }

  /** What another package keeps of the datasets, as long as the session is open. */
  public interface Companion extends AutoCloseable {
    /** Gives up what is kept of a dataset that goes away. */
    void forget(Location location);

    @Override
    void close();
  }

  /**
   * The session's companion of a type.
   *
   * @param make makes it on first use, with the allocator to be used
   */
  public <T extends Companion> T companion(Class<T> type, Function<BufferAllocator, T> make) {
    return type.cast(companions.computeIfAbsent(type, t -> make.apply(allocator)));
  }

  /** One use of an open dataset; closing it twice is harmless. */
  public final class Lease implements AutoCloseable {
    private final Dataset dataset;
    private final DatasetVersion version;
    private final Runnable release;
    private boolean released;

    private Lease(Dataset dataset, DatasetVersion version, Runnable release) {
      this.dataset = dataset;
      this.version = version;
      this.release = release;
    }

    /** The open version; valid until the lease is closed. */
    public Dataset dataset() {
      return dataset;
    }

    /** What was opened; a handle of one's own may have moved on. */
    public DatasetVersion version() {
      return version;
    }

    /**
     * The failure of reading the version. Lance says that a file is not there; the reason may be
     * that the table was dropped, whether or not another has got its name.
     *
     * @param doing what was tried, on what
     * @return SERIALIZATION_FAILURE if the version has gone, else what {@link LanceErrors} says
     */
    public BindSqlException failure(String doing, Throwable failure) {
      BindSqlException translated = LanceErrors.translate(doing, failure);
      if (translated.code() == ErrorCode.DATA_CORRUPTED) {
        try {
          checkExists(doing, version);
        } catch (BindSqlException gone) {
          gone.addSuppressed(translated);
          return gone;
        }
      }
      return translated;
    }

    @Override
    public synchronized void close() {
      if (!released) {
        released = true;
        release.run();
      }
    }
  }

  /**
   * Sets the greatest bytes for index data, unless the native library is in use already.
   *
   * @param bytes at least 0, or -1 to only ask
   * @return the bytes that hold
   */
  public synchronized long indexCache(long bytes) {
    if (bytes >= 0 && !loaded) {
      indexCache = bytes;
    }
    return indexCache;
  }

  /** Sets the greatest bytes for file metadata, as {@link #indexCache}. */
  public synchronized long metadataCache(long bytes) {
    if (bytes >= 0 && !loaded) {
      metadataCache = bytes;
    }
    return metadataCache;
  }

  /** Memory of the session; what takes from it gives back before the session is closed. */
  public BufferAllocator allocator() {
    return allocator;
  }

  /**
   * The newest manifest of a dataset.
   *
   * @throws BindSqlException NO_SUCH_TABLE if its directory has gone; DATA_CORRUPTED if it has none
   */
  public Manifest newest(Location dataset) {
    Manifest manifest = find(dataset);
    Path path = dataset.path();
    if (manifest == null && path != null && Files.notExists(path)) {
      throw new BindSqlException(
          ErrorCode.NO_SUCH_TABLE, "Lance dataset " + dataset + " does not exist: it was dropped");
    }
    if (manifest == null) {
      throw new BindSqlException(
          ErrorCode.DATA_CORRUPTED,
          "Lance dataset "
              + dataset
              + " has no manifest in _versions: not a Lance dataset, or"
              + " its creation was interrupted");
    }
    return manifest;
  }

  /**
   * The newest manifest of a dataset, or null if there is none.
   *
   * <p>In an object store this asks Lance, which costs a listing and a read; the version found
   * stays open for {@link #acquire}.
   */
  public @Nullable Manifest find(Location dataset) {
    Path path = dataset.path();
    if (path == null) {
      return findRemote(dataset, new ReadOptions.Builder());
    }
    try {
      return newest.of(path);
    } catch (IOException e) {
      throw new BindSqlException(
          ErrorCode.DATA_CORRUPTED, "Lance dataset " + dataset + " cannot be read: " + e, e);
    }
  }

  private @Nullable Manifest findRemote(Location location, ReadOptions.Builder options) {
    Dataset dataset;
    Manifest manifest;
    try {
      dataset = open(location, null, options);
      manifest = Manifest.of(dataset.getVersion());
    } catch (Exception e) { // lance-core throws IOException undeclared
      if (LanceErrors.isNoDataset(e)) {
        return null;
      }
      throw LanceErrors.translate("Lance dataset " + location, e);
    }
    open.compute(
        new DatasetVersion(location, manifest),
        (k, found) -> {
          Entry entry = found == null ? new Entry(dataset) : found;
          if (found != null) {
            dataset.close();
          }
          entry.idleSince = clock.incrementAndGet();
          return entry;
        });
    closeIdle(closed ? 0 : MAX_IDLE);
    return manifest;
  }

  /**
   * The manifest of a version of a dataset, or null if there is none.
   *
   * @param version from 1
   */
  public @Nullable Manifest find(Location dataset, long version) {
    Path path = dataset.path();
    try {
      return path == null
          ? findRemote(dataset, new ReadOptions.Builder().setVersion(version))
          : Manifest.of(path, version);
    } catch (IOException e) {
      throw new BindSqlException(
          ErrorCode.DATA_CORRUPTED, "Lance dataset " + dataset + " cannot be read: " + e, e);
    }
  }

  /**
   * Fails if a version that was read has gone with its table. Lance does not notice: it would
   * commit to what is left in the folder, or to another table that has got the name meanwhile.
   *
   * @param doing what is done, on what
   * @throws BindSqlException SERIALIZATION_FAILURE
   */
  public void checkExists(String doing, DatasetVersion version) {
    Manifest read = version.manifest();
    Path file = read.file();
    if (file == null && read.version() < 0) {
      return; // the number of a detached version is random, so that nothing else has it
    }
    Manifest found;
    try {
      found =
          file == null
              ? find(version.location(), read.version())
              : Manifest.read(file, read.version());
    } catch (NoSuchFileException e) {
      found = null;
    } catch (IOException e) {
      throw LanceErrors.translate(doing, e);
    }
    if (!read.equals(found)) {
      throw new BindSqlException(
          ErrorCode.SERIALIZATION_FAILURE, doing + ": the table was dropped meanwhile");
    }
  }

  /** Opens a version of a dataset, or takes another hold of it if it is open. */
  public Lease acquire(DatasetVersion key) {
    return acquire(key, () -> openDataset(key.location(), key.manifest()));
  }

  /**
   * As {@link #acquire(DatasetVersion)}, but if the version is not open, it is opened in caches of
   * the caller's instead of the session's. Lance caches the row ids of a fragment by its number,
   * which in a detached version may be that of another fragment in the history.
   *
   * @param caches made by {@link #newCaches}; closed after the lease
   */
  public Lease acquire(DatasetVersion key, Session caches) {
    return acquire(
        key,
        () ->
            openDataset(
                key.location(),
                new ReadOptions.Builder().setVersion(key.manifest().version()),
                caches));
  }

  /** Opens a version on a handle of its own and in the given caches, whatever is open already. */
  public Lease acquireFresh(DatasetVersion version, Session caches) {
    return held(
        version,
        () -> {
          ReadOptions.Builder options =
              new ReadOptions.Builder().setVersion(version.manifest().version());
          Dataset dataset = openDataset(version.location(), options, caches);
          return new Lease(dataset, version, dataset::close);
        });
  }

  private Lease acquire(DatasetVersion key, Supplier<Dataset> opening) {
    return held(
        key,
        () -> {
          Entry entry =
              open.compute(
                  key,
                  (k, found) -> {
                    Entry e = found == null ? new Entry(opening.get()) : found;
                    e.users++;
                    return e;
                  });
          return new Lease(entry.dataset, key, () -> release(key));
        });
  }

  /**
   * Opens the version that is now current; again if it is removed between seeing and opening it.
   */
  public Lease acquire(Supplier<DatasetVersion> current) {
    while (true) {
      DatasetVersion version = current.get();
      try {
        return acquire(version);
      } catch (BindSqlException e) {
        if (version.equals(current.get())) {
          throw e;
        }
      }
    }
  }

  /**
   * Opens the newest version on a handle of its own: calls that commit move their handle on to the
   * version they make, under the feet of those who read through it.
   */
  public Lease acquireOwn(Location location) {
    DatasetVersion version = new DatasetVersion(location, newest(location));
    return held(
        version,
        () -> {
          Dataset dataset = openDataset(location, version.manifest());
          return new Lease(dataset, version, dataset::close);
        });
  }

  /** As {@link #acquireOwn} for who removes versions, and so holds none. */
  public Dataset openAlone(Location location) {
    return openDataset(location, newest(location));
  }

  /** A lease that holds its version from before it is opened until after it is closed. */
  private Lease held(DatasetVersion version, Supplier<Lease> open) {
    holds.hold(version);
    try {
      Lease lease = open.get();
      return new Lease(
          lease.dataset,
          version,
          () -> {
            lease.close();
            holds.release(version);
          });
    } catch (RuntimeException | Error e) {
      holds.release(version);
      throw e;
    }
  }

  /** Which versions are in use. */
  public VersionHolds holds() {
    return holds;
  }

  /** Caches for versions that do not belong into the session's. */
  public Session newCaches() {
    return Session.builder()
        .indexCacheSizeBytes(indexCache / OWN_SHARE)
        .metadataCacheSizeBytes(metadataCache / OWN_SHARE)
        .build();
  }

  private Session sharedCaches() {
    return Session.builder()
        .indexCacheSizeBytes(indexCache)
        .metadataCacheSizeBytes(metadataCache)
        .build();
  }

  private void release(DatasetVersion key) {
    open.computeIfPresent(
        key,
        (k, entry) -> {
          entry.users--;
          entry.idleSince = clock.incrementAndGet();
          if (entry.users == 0 && closed) {
            entry.dataset.close();
            return null;
          }
          return entry;
        });
    closeIdle(closed ? 0 : MAX_IDLE);
  }

  /** Closes datasets that nobody uses, the longest unused first, until few enough are idle. */
  private void closeIdle(int keep) {
    if (open.size() <= keep) {
      return;
    }
    ConcurrentSkipListMap<Long, DatasetVersion> idle = new ConcurrentSkipListMap<>();
    open.forEach((key, entry) -> {
      if (entry.users == 0) {
        idle.put(entry.idleSince, key);
      }
    });
    idle.values().stream().limit(Math.max(0, idle.size() - keep)).forEach(this::forget);
  }

  /** Closes every idle version of a dataset, as before it goes away. */
  public void forget(Location location) {
    companions.values().forEach(companion -> companion.forget(location));
    for (DatasetVersion key : open.keySet()) {
      if (key.location().equals(location)) {
        forget(key);
      }
    }
  }

  /** Closes a version if nobody uses it. */
  public void forget(DatasetVersion version) {
    open.computeIfPresent(
        version,
        (k, entry) -> {
          if (entry.users > 0) {
            return entry;
          }
          entry.dataset.close();
          return null;
        });
  }

  /** Whether somebody uses a version of the dataset. */
  public boolean isInUse(Location location) {
    return open.entrySet().stream()
        .anyMatch(e -> e.getKey().location().equals(location) && e.getValue().users > 0);
  }

  private Dataset openDataset(Location location, Manifest manifest) {
    String doing = "Lance dataset " + location;
    try {
      return open(location, manifest, new ReadOptions.Builder().setVersion(manifest.version()));
    } catch (Exception | LinkageError e) { // lance-core throws IOException undeclared
      Path file = manifest.file();
      if (file == null) {
        throw LanceErrors.translate(doing + ", version " + manifest.version(), e);
      }
      throw new BindSqlException(
          ErrorCode.DATA_CORRUPTED,
          doing
              + " cannot be opened: newest manifest "
              + file.getFileName()
              + " (version "
              + manifest.version()
              + ", "
              + manifest.size()
              + " bytes): "
              + LanceErrors.message(e)
              + olderVersion(location, manifest.version() - 1),
          e);
    }
  }

  private String olderVersion(Location location, long version) {
    if (version < 1) {
      return "";
    }
    ReadOptions.Builder options = new ReadOptions.Builder().setVersion(version);
    try (Session caches = newCaches();
        Dataset older = openDataset(location, options, caches)) {
      return "; version %d can be opened: CALL system.repair_table(%s) makes it the newest"
          .formatted(older.version(), arguments(location));
    } catch (Exception e) {
      return "";
    }
  }

  /** The table at a location, as arguments of a procedure. */
  private String arguments(Location location) {
    String schema = schemas.apply(TableNames.folder(location));
    return (schema == null ? "" : literal(schema) + ", ") + literal(TableNames.of(location));
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** Opens a version in caches that fit it; its manifest is asked for if it is null. */
  private Dataset open(
      Location location, @Nullable Manifest manifest, ReadOptions.Builder options) {
    load();
    return lineages.open(location, manifest, caches -> openDataset(location, options, caches));
  }

  private Dataset openDataset(Location location, ReadOptions.Builder options, Session caches) {
    load(); // before Dataset is touched, whose initialiser loads the library
    return Dataset.open()
        .allocator(allocator)
        .uri(location.uri())
        .session(caches)
        .readOptions(options.setStorageOptions(location.storageOptions()).build())
        .build();
  }

  /** Loads the native library, so that classes of lance-core may be used. */
  public synchronized void load() {
    if (closed) {
      throw new IllegalStateException("Lance session is closed");
    }
    if (!loaded) {
      NativeLibrary.prepare();
      loaded = true;
    }
  }

  /** Closes the caches and every dataset that no statement reads; the others when they are done. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    lineages.close();
    closeIdle(0);
    companions.values().forEach(Companion::close);
    allocator.close();
  }
}
