package org.bindsql.lance.resident;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.cascade.CentreSearch;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.jni.LanceErrors;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fingerprint columns of Lance tables that are in memory, within a bound, for all connections
 * of a database.
 *
 * <pre>
 *   version of a table → fragments → data files → segments of 65,536 rows
 *                                                  fingerprints │ sketches
 * </pre>
 *
 * <p>Data files never change, so what is held of them serves every version that has them: a new
 * fragment adds segments, a deletion only changes which of their rows are searched. A search holds
 * all segments that it needs, or none; missing ones are read first, each by one search for all. A
 * column that does not fit is not held; if its sketches do, they are. What room is left holds
 * narrow columns that results show. Thread-safe.
 */
public final class ResidentColumns implements LanceSession.Companion {
  private static final Logger LOG = LoggerFactory.getLogger(ResidentColumns.class);

  /** Versions whose layout is remembered. */
  private static final int MAX_LAYOUTS = 64;

  /** Bytes of heap for the layouts that are remembered. */
  private static final long MAX_LAYOUT_BYTES = 64L << 20;

  /** Columns of which it is remembered that they were searched, or fetched. */
  private static final int MAX_USED = 1024;

  /** How often a search that finds segments without rows it needs has them read anew. */
  private static final int ATTEMPTS = 4;

  /** Share of the memory that is used where nothing else is said, as a divisor. */
  private static final int DEFAULT_SHARE = 4;

  private record VersionColumn(DatasetVersion version, String column) {}

  private record TableColumn(Location dataset, String column) {}

  /** A use of a column, of which it matters whether it is the first. */
  private record Use(TableColumn column, SegmentKey.Part part) {}

  /**
   * What is held of a column of a table.
   *
   * @param dataset the table
   * @param column its name
   * @param segments how many there are, wholly or their sketches alone
   * @param bytes bytes of fingerprints, and of what is held together with them in lists, or of the
   *     values of a narrow column
   * @param sketchBytes bytes of sketches
   * @param hits how often a search found what it needed of a segment
   */
  public record Holding(
      Location dataset, String column, long segments, long bytes, long sketchBytes, long hits) {
    private Holding plus(LeaseCache.Holding<SegmentKey> held, long count) {
      boolean codes = held.key().part() != SegmentKey.Part.SKETCH;
      return new Holding(
          dataset,
          column,
          count,
          bytes + (codes ? held.bytes() : 0),
          sketchBytes + (codes ? 0 : held.bytes()),
          hits + held.hits());
    }
  }

  /**
   * A column to be searched.
   *
   * @param column null if its fingerprints are to be read as they stream by
   * @param whereFound as {@link CodeReader#whereFound} says it
   */
  record Opened(@Nullable ResidentColumn column, String whereFound) {
    private static Opened not(String reason) {
      return new Opened(null, "streamed (" + reason + ")");
    }
  }

  private final BufferAllocator memory;
  private final LeaseCache<SegmentKey, SegmentMemory> cache;
  private final ListMaking lists;
  private final Map<VersionColumn, @Nullable ColumnLayout> layouts =
      new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Use, Boolean> used = new LinkedHashMap<>(16, 0.75f, true);
  private long layoutBytes;

  /**
   * Creates a cache that holds nothing.
   *
   * @param parent where its memory is counted
   * @param capacity greatest number of bytes, at least 0
   */
  public ResidentColumns(BufferAllocator parent, long capacity) {
    this(parent, capacity, CentreSearch.LEAST_ROWS);
  }

  /**
   * Creates a cache that holds nothing.
   *
   * @param listsFrom number of rows from which columns are put in the order of lists
   */
  ResidentColumns(BufferAllocator parent, long capacity, long listsFrom) {
    this.memory = parent.newChildAllocator("fingerprints", 0, Long.MAX_VALUE);
    this.cache = new LeaseCache<>(capacity);
    this.lists = new ListMaking(cache, memory, listsFrom);
  }

  /** What is in memory of a session's tables. */
  public static ResidentColumns of(LanceSession session) {
    return session.companion(
        ResidentColumns.class, allocator -> new ResidentColumns(allocator, defaultCapacity()));
  }

  /** A quarter of the machine's memory, or of the container's. */
  public static long defaultCapacity() {
    return physicalMemory() / DEFAULT_SHARE;
  }

  /** Bytes of memory that the machine has, or the container may use. */
  public static long physicalMemory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  /** Greatest number of bytes. */
  public long capacity() {
    return cache.capacity();
  }

  /** Changes the greatest number of bytes; what is too much goes when nobody searches it. */
  public void resize(long bytes) {
    cache.resize(bytes);
  }

  @Override
  public void forget(Location dataset) {
    cache.forget(key -> key.dataset().equals(dataset));
    lists.forget(dataset::equals);
    synchronized (this) {
      layouts.keySet().removeIf(key -> key.version().location().equals(dataset));
      layoutBytes = layouts.values().stream().mapToLong(ResidentColumns::heapBytes).sum();
      used.keySet().removeIf(use -> use.column().dataset().equals(dataset));
    }
  }

  /**
   * The column in memory, read first if need be; the caller closes it.
   *
   * @param filtered whether the search looks only at rows that pass a filter, for which a column is
   *     read only when it was searched before
   * @param sketchesHelp whether sketches without fingerprints would be of use
   */
  Opened open(ColumnSource source, boolean filtered, boolean sketchesHelp) {
    if (cache.capacity() == 0) {
      return Opened.not("fingerprint_cache is 0");
    }
    boolean again = noteUse(source, SegmentKey.Part.CODES);
    ColumnLayout layout = layout(source);
    if (layout == null) {
      return Opened.not("the files do not tell where its values are");
    }
    if (layout.pieces().isEmpty()) {
      return Opened.not("no rows");
    }
    boolean mayRead = again || !filtered;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Set<SegmentKey> listed = listed(layout);
      LeaseCache<SegmentKey, SegmentMemory>.Claim claim = claim(layout.whole(listed), mayRead);
      boolean whole = claim != null;
      if (claim == null && sketchesHelp) {
        claim = claim(layout.sketches(), mayRead);
      }
      if (claim == null) {
        return Opened.not(
            mayRead ? "fingerprint_cache is too small" : "the first search with a filter");
      }
      boolean read = !claim.missing().isEmpty();
      if (fill(source, layout, layout.pieces(), claim, source.hdrIndex() != null)) {
        if (whole) {
          lists.offer(layout, listed);
        }
        return new Opened(
            LeasedColumn.of(source, layout, claim),
            (whole ? "resident" : "cold") + (read ? " (read first)" : ""));
      }
    }
    return Opened.not("the table changes too fast");
  }

  /**
   * Columns of some rows, from memory; the caller closes the reader.
   *
   * <p>What is missing is read, segment by segment, if the column was wanted before and there is
   * room for it: nothing goes for it.
   *
   * @param columns at least one
   * @param rowKeys of rows that live
   * @return null if the rows are to be taken from the table
   */
  @Nullable BatchReader rows(List<ColumnSource> columns, long[] rowKeys, ExecutionContext context) {
    if (cache.capacity() == 0
        || !columns.stream().allMatch(column -> HeldColumn.canHold(column.field()))) {
      return null;
    }
    List<HeldColumn> held = new ArrayList<>();
    boolean all = false;
    try {
      for (ColumnSource source : columns) {
        HeldColumn column = values(source, rowKeys);
        if (column != null) {
          held.add(column);
        }
      }
      all = held.size() == columns.size();
      return all ? new HeldRows(held, rowKeys, context) : null;
    } finally {
      if (!all) {
        held.forEach(HeldColumn::close);
      }
    }
  }

  private @Nullable HeldColumn values(ColumnSource source, long[] rowKeys) {
    boolean again = noteUse(source, SegmentKey.Part.VALUES);
    ColumnLayout layout = layout(source);
    if (layout == null || layout.pieces().isEmpty()) {
      return null;
    }
    int[] wanted = Arrays.stream(rowKeys).mapToInt(layout::pieceOf).sorted().distinct().toArray();
    List<ColumnLayout.Piece> pieces = Arrays.stream(wanted).mapToObj(layout.pieces()::get).toList();
    ColumnLayout.Parts parts =
        ColumnLayout.Parts.of(layout.width(), pieces, SegmentKey.Part.VALUES);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (!again && !cache.holdsAll(parts.keys())) {
        return null;
      }
      LeaseCache<SegmentKey, SegmentMemory>.Claim claim =
          cache.claim(parts.keys(), parts.bytes(), false);
      if (claim == null) {
        return null;
      }
      if (fill(source, layout, pieces, claim, false)) {
        return new HeldColumn(source, layout, wanted, claim);
      }
    }
    return null;
  }

  /** Where {@link #open} of the same arguments would find the column, if nothing changes. */
  public CodeReader.Residence residence(
      ColumnSource source, boolean filtered, boolean sketchesHelp) {
    if (cache.capacity() == 0) {
      return CodeReader.Residence.STREAM;
    }
    ColumnLayout layout = layout(source);
    if (layout == null || layout.pieces().isEmpty()) {
      return CodeReader.Residence.STREAM;
    }
    boolean mayRead = wasSearched(source) || !filtered;
    CodeReader.Residence whole = residence(layout.whole(listed(layout)), mayRead);
    return whole == CodeReader.Residence.STREAM && sketchesHelp
        ? residence(layout.sketches(), mayRead)
        : whole;
  }

  private CodeReader.Residence residence(ColumnLayout.Parts parts, boolean mayRead) {
    if (parts.isEmpty()) {
      return CodeReader.Residence.STREAM;
    }
    if (cache.holdsAll(parts.keys())) {
      return CodeReader.Residence.MEMORY;
    }
    return mayRead && Arrays.stream(parts.bytes()).sum() <= cache.capacity()
        ? CodeReader.Residence.READ_FIRST
        : CodeReader.Residence.STREAM;
  }

  /** Whether segments are being put in the order of lists. */
  boolean isMakingLists() {
    return lists.isBusy();
  }

  /** The segments that are held in the order of lists. */
  private Set<SegmentKey> listed(ColumnLayout layout) {
    return layout.sketches().isEmpty()
        ? Set.of()
        : cache.held(layout.pieces().stream().map(ColumnLayout.Piece::listed));
  }

  private LeaseCache<SegmentKey, SegmentMemory>.@Nullable Claim claim(
      ColumnLayout.Parts parts, boolean mayRead) {
    return parts.isEmpty() || !(mayRead || cache.holdsAll(parts.keys()))
        ? null
        : cache.claim(parts.keys(), parts.bytes());
  }

  /**
   * Makes what a claim misses; if it cannot serve, closes it and returns false.
   *
   * @param pieces the pieces that are claimed, in the claim's order, once or part after part
   * @param store whether sketches that had to be computed are stored
   */
  private boolean fill(
      ColumnSource source,
      ColumnLayout layout,
      List<ColumnLayout.Piece> pieces,
      LeaseCache<SegmentKey, SegmentMemory>.Claim claim,
      boolean store) {
    boolean filled = false;
    try {
      Set<SegmentKey> missing = Set.copyOf(claim.missing());
      if (missing.stream().anyMatch(key -> key.part() == SegmentKey.Part.LISTED)) {
        return false; // pushed out since it was looked for
      }
      Set<SegmentKey> computed =
          missing.isEmpty()
              ? Set.of()
              : new SegmentLoading(source, layout, missing, memory, claim::supply).run();
      if (!claim.await(source.context()::checkCancelled)) {
        return false;
      }
      if (forgetOutdated(pieces, claim)) {
        return false;
      }
      if (store && !computed.isEmpty()) {
        store(layout, computed, claim.values());
      }
      filled = true;
      return true;
    } finally {
      if (!filled) {
        claim.close();
      }
    }
  }

  /**
   * How much of a column's sketches is stored beside the table.
   *
   * @param rows rows of files with a stored sketch, without deleted ones
   * @param missing the other rows
   * @param files how many files there are
   * @param bytes their size
   */
  public record Stored(long rows, long missing, int files, long bytes) {}

  /** Looks how much of the column's sketches is stored, as far as the files' headers tell. */
  public Stored stored(ColumnSource source) {
    Stored sum = new Stored(0, 0, 0, 0);
    ColumnLayout layout = layout(source);
    for (ColumnLayout file : layout == null ? List.<ColumnLayout>of() : layout.byFile()) {
      long rows = file.liveRows();
      try (BlockFile opened = SketchFiles.open(file, file.pieces().getFirst())) {
        boolean none = opened == null && !file.sketches().isEmpty();
        sum =
            new Stored(
                sum.rows() + (none ? 0 : rows),
                sum.missing() + (none ? rows : 0),
                sum.files() + (opened == null ? 0 : 1),
                sum.bytes() + (opened == null ? 0 : opened.fileBytes()));
      } catch (IOException e) {
        sum = new Stored(sum.rows(), sum.missing() + rows, sum.files(), sum.bytes());
      }
    }
    return sum;
  }

  /**
   * Stores the sketches of the files of which none, or a damaged one, is stored.
   *
   * @param all whether those of the other files are stored anew
   * @return rows whose sketches were stored, without deleted ones
   */
  public long store(ColumnSource source, boolean all) {
    ColumnLayout layout = layout(source);
    long rows = 0;
    for (ColumnLayout file : layout == null ? List.<ColumnLayout>of() : layout.byFile()) {
      source.context().checkCancelled();
      if (SketchFiles.canStore(file) && (all || !SketchFiles.isWhole(file, memory))) {
        storeFile(source, file);
        rows += file.liveRows();
      }
    }
    return rows;
  }

  /**
   * Removes stored sketches of data files that are gone, and of columns that have no index.
   *
   * @param dataset the table's directory
   * @param data the directory of its data files
   * @param indexed the columns with an index, as {@link ColumnSource#fieldNumbers} tells them
   * @return the bytes removed
   */
  public static long clean(Path dataset, Path data, Set<String> indexed) throws IOException {
    return SketchFiles.clean(dataset, name -> Files.exists(data.resolve(name)), indexed);
  }

  /** Makes the sketches of one file, in the cache if they fit, and stores them. */
  private void storeFile(ColumnSource source, ColumnLayout file) {
    Map<SegmentKey, SegmentMemory> made = new ConcurrentHashMap<>();
    try {
      LeaseCache<SegmentKey, SegmentMemory>.Claim claim = claim(file.sketches(), true);
      if (claim != null && fill(source, file, file.pieces(), claim, false)) {
        try (claim) {
          SketchFiles.write(file, claim.values());
        }
      } else {
        Set<SegmentKey> all = Set.copyOf(file.sketches().keys());
        new SegmentLoading(source, file, all, memory, made::put).run();
        SketchFiles.write(file, made);
      }
    } catch (IOException e) {
      throw LanceErrors.translate(source.doing(), e);
    } finally {
      made.values().forEach(SegmentMemory::close);
    }
  }

  /** Gives up parts that lack rows of their pieces; returns whether there were any. */
  private boolean forgetOutdated(
      List<ColumnLayout.Piece> pieces, LeaseCache<SegmentKey, SegmentMemory>.Claim claim) {
    Set<SegmentKey> outdated = new HashSet<>();
    Map<SegmentKey, SegmentMemory> values = claim.values();
    for (ColumnLayout.Piece piece : pieces) {
      for (SegmentKey key :
          List.of(piece.codes(), piece.sketch(), piece.listed(), piece.values())) {
        SegmentMemory value = values.get(key);
        if (value != null && !value.covers(piece.live())) {
          outdated.add(key);
        }
      }
    }
    if (!outdated.isEmpty()) {
      cache.forget(outdated::contains);
    }
    return !outdated.isEmpty();
  }

  /** Stores the sketches of the files of which any was computed. */
  private static void store(
      ColumnLayout layout, Set<SegmentKey> computed, Map<SegmentKey, SegmentMemory> values) {
    for (ColumnLayout file : layout.byFile()) {
      List<SegmentKey> sketches = file.sketches().keys();
      if (sketches.stream().anyMatch(computed::contains) && values.keySet().containsAll(sketches)) {
        try {
          SketchFiles.write(file, values);
        } catch (IOException e) {
          LOG.warn("sketches of {} cannot be stored", file.pieces().getFirst().sketch(), e);
        }
      }
    }
  }

  private synchronized boolean wasSearched(ColumnSource source) {
    return used.containsKey(
        new Use(
            new TableColumn(source.version().location(), source.name()), SegmentKey.Part.CODES));
  }

  /** Notes that parts of a column are of use; returns whether they were before. */
  private synchronized boolean noteUse(ColumnSource source, SegmentKey.Part part) {
    TableColumn column = new TableColumn(source.version().location(), source.name());
    boolean known = used.put(new Use(column, part), true) != null;
    if (used.size() > MAX_USED) {
      used.remove(used.keySet().iterator().next());
    }
    return known;
  }

  /** The layout of the version that is read; null if it cannot be told. */
  private @Nullable ColumnLayout layout(ColumnSource source) {
    VersionColumn key = new VersionColumn(source.version(), source.name());
    synchronized (this) {
      if (layouts.containsKey(key)) {
        return layouts.get(key);
      }
    }
    ColumnLayout layout = ColumnLayout.of(source);
    synchronized (this) {
      layoutBytes += heapBytes(layout) - heapBytes(layouts.put(key, layout));
      while (layouts.size() > MAX_LAYOUTS
          || (layoutBytes > MAX_LAYOUT_BYTES && layouts.size() > 1)) {
        VersionColumn oldest = layouts.keySet().iterator().next();
        layoutBytes -= heapBytes(layouts.remove(oldest));
      }
    }
    return layout;
  }

  private static long heapBytes(@Nullable ColumnLayout layout) {
    return layout == null ? 0 : layout.heapBytes();
  }

  /** What is held, by table and column. */
  public List<Holding> holdings() {
    Map<TableColumn, Holding> holdings = new LinkedHashMap<>();
    Map<TableColumn, Set<Object>> segments = new HashMap<>();
    for (LeaseCache.Holding<SegmentKey> held : cache.holdings()) {
      SegmentKey key = held.key();
      TableColumn column = new TableColumn(key.dataset(), key.column());
      Holding sum =
          holdings.computeIfAbsent(column, c -> new Holding(c.dataset(), c.column(), 0, 0, 0, 0));
      Set<Object> known = segments.computeIfAbsent(column, c -> new HashSet<>());
      known.add(List.of(key.files(), key.index()));
      holdings.put(column, sum.plus(held, known.size()));
    }
    return List.copyOf(holdings.values());
  }

  /** Frees everything; fails if any column is in use. */
  @Override
  public void close() {
    lists.close();
    cache.close();
    memory.close();
  }
}
