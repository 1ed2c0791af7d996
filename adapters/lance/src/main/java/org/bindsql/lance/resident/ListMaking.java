package org.bindsql.lance.resident;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.cascade.CentreSearch;
import org.bindsql.cascade.Centres;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.ListOrder;
import org.bindsql.cascade.Segment;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.lance.dataset.Location;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts segments that are in memory into the order of lists, in the background.
 *
 * <p>One thread of the least priority, which lives while there is work. It reads nothing but what
 * the cache holds and pushes nothing out of it: a segment is copied into free room, the copy takes
 * the place of the segment, and what searches still use goes when they end. Searches never wait for
 * it, nor do answers depend on it. Where the rows have no centres, it looks again when there are
 * twice as many.
 */
final class ListMaking implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ListMaking.class);

  /** Rows below which a segment stays in its own order: the bound leaves too few at a time. */
  private static final int LEAST_SEGMENT_ROWS = 2048;

  private record Column(Location dataset, List<Integer> fields) {
    static Column of(ColumnLayout layout) {
      SegmentKey key = layout.pieces().getFirst().codes();
      return new Column(key.dataset(), key.files().stream().map(FieldFile::field).toList());
    }
  }

  /**
   * What is known of a column.
   *
   * @param centres null if there are none
   * @param rows for how many rows that was found
   */
  private record Found(@Nullable CentreMemory centres, long rows) {}

  private final LeaseCache<SegmentKey, SegmentMemory> cache;
  private final BufferAllocator memory;
  private final long leastRows;
  private final Map<Column, Found> found = new HashMap<>();
  private final Queue<ColumnLayout> waiting = new ArrayDeque<>();
  private final Set<Column> queued = new HashSet<>();
  private @Nullable Thread thread;
  private volatile boolean closed;

  /**
   * Creates a maker without work.
   *
   * @param leastRows number of rows from which a column has lists
   */
  ListMaking(LeaseCache<SegmentKey, SegmentMemory> cache, BufferAllocator memory, long leastRows) {
    this.cache = cache;
    this.memory = memory;
    this.leastRows = leastRows;
  }

  /**
   * Says that a column is in memory, wholly.
   *
   * @param listed the segments that are in the order of lists
   */
  void offer(ColumnLayout layout, Set<SegmentKey> listed) {
    if (layout.width() < CentreSearch.LEAST_WIDTH
        || listed.size() == layout.pieces().size()
        || layout.liveRows() < leastRows) {
      return;
    }
    synchronized (this) {
      Column column = Column.of(layout);
      Found known = found.get(column);
      boolean vain =
          known != null
              && (known.centres == null
                  ? layout.liveRows() < 2 * known.rows
                  : layout.pieces().stream().noneMatch(p -> wants(layout.width(), p, listed)));
      if (closed || vain || !queued.add(column)) {
        return;
      }
      waiting.add(layout);
      if (thread == null) {
        Thread worker = new Thread(this::work, "bindsql-lists");
        worker.setDaemon(true);
        worker.setPriority(Thread.MIN_PRIORITY);
        thread = worker;
        worker.start();
      }
    }
  }

  private boolean wants(int width, ColumnLayout.Piece piece, Set<SegmentKey> listed) {
    return piece.rows() >= LEAST_SEGMENT_ROWS
        && !listed.contains(piece.listed())
        && cache.hasRoom(Codes.slicedBytes(width, piece.rows()));
  }

  private void work() {
    while (true) {
      ColumnLayout layout;
      synchronized (this) {
        layout = closed ? null : waiting.poll();
        if (layout == null) {
          thread = null;
          return;
        }
      }
      try {
        make(layout);
      } catch (CancellationException e) {
        LOG.debug("lists were given up", e);
      } catch (RuntimeException | Error e) { // an aid only; searches go on without
        LOG.warn("no lists for {}", layout.pieces().getFirst().codes(), e);
      } finally {
        synchronized (this) {
          queued.remove(Column.of(layout));
        }
      }
    }
  }

  /** Whether there is work left. */
  synchronized boolean isBusy() {
    return thread != null;
  }

  private void check() {
    if (closed) {
      throw new CancellationException();
    }
  }

  private void make(ColumnLayout layout) {
    try (CentreMemory centres = centres(layout)) {
      for (ColumnLayout.Piece piece : layout.pieces()) {
        if (centres != null && piece.rows() >= LEAST_SEGMENT_ROWS) {
          make(layout, piece, centres);
        }
      }
    }
  }

  /** The column's centres, found if they were not; a use of them that the caller closes. */
  private @Nullable CentreMemory centres(ColumnLayout layout) {
    Column column = Column.of(layout);
    synchronized (this) {
      Found known = found.get(column);
      if (known != null && known.centres != null) {
        return known.centres.share();
      }
    }
    List<SegmentKey> keys = new ArrayList<>(layout.whole().keys());
    try (LeaseCache<SegmentKey, SegmentMemory>.Claim claim = cache.claimHeld(keys)) {
      if (claim == null) {
        return null; // pushed out, or in lists whose centres were forgotten
      }
      List<Segment> segments = new ArrayList<>();
      List<MemorySegment> there = new ArrayList<>();
      Map<SegmentKey, SegmentMemory> values = claim.values();
      for (ColumnLayout.Piece piece : layout.pieces()) {
        segments.add(plain(layout, piece, values));
        there.add(value(values, piece.codes()).bitmap());
      }
      try (Arena arena = Arena.ofConfined()) {
        Centres centres =
            CentreSearch.find(segments, there, arena, HammingKernel.get(), this::check);
        return keep(column, centres, layout.liveRows());
      }
    }
  }

  private @Nullable CentreMemory keep(Column column, @Nullable Centres centres, long rows) {
    CentreMemory copy = centres == null ? null : CentreMemory.copyOf(centres, memory);
    synchronized (this) {
      if (closed) {
        return copy; // its only user is the caller
      }
      Found before = found.put(column, new Found(copy, rows));
      close(before);
      return copy == null ? null : copy.share();
    }
  }

  private static void close(@Nullable Found found) {
    if (found != null && found.centres != null) {
      found.centres.close();
    }
  }

  private static SegmentMemory value(Map<SegmentKey, SegmentMemory> values, SegmentKey key) {
    return Objects.requireNonNull(values.get(key));
  }

  private static Segment plain(
      ColumnLayout layout, ColumnLayout.Piece piece, Map<SegmentKey, SegmentMemory> values) {
    return LeasedColumn.plain(
        layout.width(), piece.rows(), value(values, piece.codes()), value(values, piece.sketch()));
  }

  /** Makes the lists of one segment, if it is in memory and there is room. */
  private void make(ColumnLayout layout, ColumnLayout.Piece piece, CentreMemory centres) {
    check();
    List<SegmentKey> keys = List.of(piece.codes(), piece.sketch());
    try (LeaseCache<SegmentKey, SegmentMemory>.Claim held = cache.claimHeld(keys)) {
      if (held == null) {
        return;
      }
      Segment segment = plain(layout, piece, held.values());
      long bytes =
          ListOrder.bytes(
              layout.width(), piece.rows(), centres.centres().count(), segment.validity() != null);
      try (LeaseCache<SegmentKey, SegmentMemory>.Claim room =
          cache.claimRoom(piece.listed(), bytes)) {
        if (room == null) {
          return;
        }
        SegmentMemory codes = value(held.values(), piece.codes());
        ListOrder order =
            new ListOrder(
                segment, codes.bitmap(), centres.centres(), HammingKernel.get(), this::check);
        room.supply(piece.listed(), listed(order, bytes, codes.present(), centres));
      }
    }
    cache.forget(keys::contains);
  }

  private SegmentMemory listed(
      ListOrder order, long bytes, @Nullable BitSet present, CentreMemory centres) {
    OffHeapBlock block = OffHeapBlock.allocate(memory, bytes);
    boolean made = false;
    try {
      Segment copy = order.copy(SegmentAllocator.slicingAllocator(block.memory()));
      made = true;
      return SegmentMemory.listed(block, new ListedRows(copy, centres.share()), present);
    } finally {
      if (!made) {
        block.close();
      }
    }
  }

  /** Forgets the centres of some columns; segments in their order stay what they are. */
  synchronized void forget(Predicate<Location> datasets) {
    found
        .entrySet()
        .removeIf(entry -> {
          boolean gone = datasets.test(entry.getKey().dataset());
          if (gone) {
            close(entry.getValue());
          }
          return gone;
        });
  }

  /** Ends what is being made, and waits for its end. */
  @Override
  public void close() {
    Thread last;
    synchronized (this) {
      closed = true;
      last = thread;
    }
    boolean interrupted = false;
    while (last != null && last.isAlive()) {
      try {
        last.join();
      } catch (InterruptedException e) {
        interrupted = true; // the memory is in use until the thread has ended
      }
    }
    forget(dataset -> true);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
