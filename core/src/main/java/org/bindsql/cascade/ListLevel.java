package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * The level that rules out rows by the triangle inequality, before anything of them but 4 bytes is
 * read: see {@link Lists}. Exact, for distances that count all bytes.
 *
 * <p>What is left of a segment comes in parts that are either dense, to be read in passing, or
 * sparse, to be gathered: a stripe of both would be read in the wrong way.
 */
final class ListLevel {
  private static final String NAME = "lists";

  /** Share of the lists up to which their members are looked up, rather than each row looked at. */
  private static final double LOOK_UP_BELOW = 0.05;

  private final List<ResidentColumn.Rows> candidates;
  private final double gatherBelow;
  private final CascadeCounters counters;
  private final Map<Centres, Near> near = new IdentityHashMap<>();

  /**
   * A query and the centres of some segments.
   *
   * @param distances to the centre of list i at i; 0 to the list of the rows in none, which so are
   *     never ruled out
   * @param nearest the lists by distance, that of the rows in none first
   */
  private record Near(int[] distances, int[] nearest) {
    static Near of(MemorySegment query, Centres centres, HammingKernel kernel) {
      int[] distances = Arrays.copyOf(centres.distances(query, kernel), centres.count() + 1);
      long[] keys =
          IntStream.range(0, distances.length)
              .mapToLong(list -> (long) distances[list] << Integer.SIZE | list)
              .toArray();
      keys[centres.count()] = -1L << Integer.SIZE | centres.count();
      Arrays.sort(keys);
      return new Near(distances, Arrays.stream(keys).mapToInt(key -> (int) key).toArray());
    }

    int least() {
      return distances[nearest[1]];
    }

    int greatest() {
      return distances[nearest[nearest.length - 1]];
    }

    /** Number of the nearest lists that may have members of a radius of at most {@code radius}. */
    int reaching(int radius, int tau) {
      int count = 1;
      while (count < nearest.length && distances[nearest[count]] - (long) tau <= radius) {
        count++;
      }
      return count;
    }
  }

  private ListLevel(
      List<ResidentColumn.Rows> candidates, double gatherBelow, CascadeCounters counters) {
    this.candidates = candidates;
    this.gatherBelow = gatherBelow;
    this.counters = counters;
  }

  /**
   * Compares the query with the centres of the candidates' lists.
   *
   * @param bytes number of leading bytes that count
   * @return null if no list can rule out anything
   */
  static @Nullable ListLevel of(
      CascadeRequest request,
      int bytes,
      HammingKernel kernel,
      List<ResidentColumn.Rows> candidates,
      double gatherBelow,
      CascadeCounters counters) {
    MemorySegment query = request.query();
    if (query == null || request.isEmpty()) {
      return null;
    }
    long start = System.nanoTime();
    ListLevel level = new ListLevel(candidates, gatherBelow, counters);
    for (ResidentColumn.Rows source : candidates) {
      Lists lists = source.segment().lists();
      if (lists != null && bytes == source.segment().width()) {
        level.near.computeIfAbsent(
            lists.centres(),
            centres -> {
              counters.read(NAME, (long) bytes * centres.count());
              return Near.of(query, centres, kernel);
            });
      }
    }
    if (level.near.isEmpty()) {
      return null;
    }
    counters.nanos(NAME, System.nanoTime() - start);
    return level;
  }

  /**
   * Candidates in the lists nearest to the query.
   *
   * @param wanted number of rows, of all segments together, after which no further list is taken
   */
  List<ResidentColumn.Rows> nearest(long wanted) {
    long start = System.nanoTime();
    List<ResidentColumn.Rows> rows = new ArrayList<>();
    for (Map.Entry<Centres, Near> entry : near.entrySet()) {
      List<ResidentColumn.Rows> own =
          candidates.stream().filter(source -> listsOf(source) == entry.getKey()).toList();
      int[] nearest = entry.getValue().nearest;
      int lists = 1; // the first is that of the rows in none
      long members = 0;
      while (lists < nearest.length && members < wanted) {
        for (ResidentColumn.Rows source : own) {
          Lists of = lists(source);
          members += of.firstMember(nearest[lists] + 1) - of.firstMember(nearest[lists]);
        }
        lists++;
      }
      for (ResidentColumn.Rows source : own) {
        Positions found = new Positions();
        for (int i = 1; i < lists; i++) {
          Lists of = lists(source);
          int to = of.firstMember(nearest[i] + 1);
          for (int j = of.firstMember(nearest[i]); j < to; j++) {
            if (contains(source.rows(), of.member(j))) {
              found.add(of.member(j));
            }
          }
        }
        found.sort();
        if (found.count > 0) {
          rows.add(source.with(found.selection()));
        }
      }
    }
    counters.nanos(NAME, System.nanoTime() - start);
    return rows;
  }

  private static @Nullable Centres listsOf(ResidentColumn.Rows source) {
    Lists lists = source.segment().lists();
    return lists == null ? null : lists.centres();
  }

  private static Lists lists(ResidentColumn.Rows source) {
    return Objects.requireNonNull(source.segment().lists());
  }

  private static boolean contains(Selection rows, int position) {
    return rows.isRange()
        ? position >= rows.from() && position < rows.to()
        : Arrays.binarySearch(rows.positions(), 0, rows.count(), position) >= 0;
  }

  /**
   * The candidates that may be within tau, in parts of segments.
   *
   * @param tau at least 0
   */
  List<ResidentColumn.Rows> within(int tau) {
    long start = System.nanoTime();
    List<ResidentColumn.Rows> left = new ArrayList<>();
    for (ResidentColumn.Rows source : candidates) {
      Lists lists = source.segment().lists();
      Near distances = lists == null ? null : near.get(lists.centres());
      if (lists == null || distances == null) {
        left.add(source);
      } else {
        int before = left.size();
        new Narrowing(source, lists, distances, tau).run(left);
        long kept =
            left.subList(before, left.size()).stream().mapToLong(r -> r.rows().count()).sum();
        counters.pruned(NAME, source.rows().count() - kept);
      }
    }
    counters.nanos(NAME, System.nanoTime() - start);
    return left;
  }

  /** Ascending positions that grow. */
  private static final class Positions {
    private int[] values = new int[64];
    private int count;

    void add(int position) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = position;
    }

    void sort() {
      Arrays.sort(values, 0, count);
    }

    /** Appends the positions to others, all of which are smaller, and forgets them. */
    void moveTo(Positions other) {
      int together = other.count + count;
      if (other.values.length < together) {
        other.values = Arrays.copyOf(other.values, Math.max(together, 2 * other.count));
      }
      System.arraycopy(values, 0, other.values, other.count, count);
      other.count = together;
      count = 0;
    }

    /** The positions, which are given away. */
    Selection selection() {
      Selection selection =
          count > 0 && values[count - 1] - values[0] + 1 == count
              ? Selection.range(values[0], values[count - 1] + 1)
              : Selection.list(values, count);
      values = new int[64];
      count = 0;
      return selection;
    }
  }

  /** One segment's candidates, chunk by chunk. */
  private final class Narrowing {
    private final ResidentColumn.Rows source;
    private final Lists lists;
    private final Near near;
    private final int tau;
    private final int lookUpTo;
    private final Positions chosen = new Positions();
    private final Positions dense = new Positions();
    private final Positions sparse = new Positions();

    /** Where the candidates begin of which none was ruled out so far. */
    private int whole;

    Narrowing(ResidentColumn.Rows source, Lists lists, Near near, int tau) {
      this.source = source;
      this.lists = lists;
      this.near = near;
      this.tau = tau;
      this.lookUpTo = (int) (LOOK_UP_BELOW * near.nearest.length);
    }

    void run(List<ResidentColumn.Rows> left) {
      Selection rows = source.rows();
      int from = 0;
      for (int chunk = 0; from < rows.count(); chunk++) {
        int to = next(rows, from, (chunk + 1) * Lists.CHUNK);
        if (to > from && !isWholeWithin(chunk)) {
          flushWhole(from, left);
          whole = to;
          narrow(chunk, from, to);
          int span = rows.position(to - 1) - rows.position(from) + 1;
          if (chosen.count < gatherBelow * span) {
            chosen.moveTo(sparse);
            flush(dense, left);
          } else {
            chosen.moveTo(dense);
          }
        } else if (to > from) {
          flush(dense, left);
        }
        from = to;
      }
      flushWhole(from, left);
      flush(dense, left);
      flush(sparse, left);
    }

    private void flushWhole(int to, List<ResidentColumn.Rows> left) {
      if (to > whole) {
        left.add(source.with(source.rows().slice(whole, to)));
      }
    }

    /** Whether no row of a chunk is ruled out, as its radii tell. */
    private boolean isWholeWithin(int chunk) {
      return near.greatest() - (long) tau <= lists.leastRadius(chunk)
          && lists.greatestRadius(chunk) - (long) tau <= near.least();
    }

    /** The first of the candidates from {@code from} on that lies at {@code end} or behind it. */
    private static int next(Selection rows, int from, int end) {
      if (rows.isRange()) {
        return Math.clamp((long) end - rows.from(), from, rows.count());
      }
      int found = Arrays.binarySearch(rows.positions(), from, rows.count(), end);
      return found < 0 ? -found - 1 : found;
    }

    private void flush(Positions positions, List<ResidentColumn.Rows> left) {
      if (positions.count > 0) {
        left.add(source.with(positions.selection()));
      }
    }

    /** Chooses candidates {@code from} to {@code to - 1}, of one chunk, that may be within tau. */
    private void narrow(int chunk, int from, int to) {
      Selection rows = source.rows();
      int reaching = near.reaching(lists.greatestRadius(chunk), tau);
      if (rows.isRange() && reaching <= lookUpTo) {
        lookUp(reaching, rows.position(from), rows.position(to - 1) + 1);
        return;
      }
      counters.read(NAME, 4L * (to - from));
      for (int i = from; i < to; i++) {
        int position = rows.position(i);
        if (isWithin(lists.list(position), position)) {
          chosen.add(position);
        }
      }
    }

    private boolean isWithin(int list, int position) {
      return Math.abs(near.distances[list] - lists.radius(position)) <= tau;
    }

    private void lookUp(int reaching, int from, int to) {
      for (int i = 0; i < reaching; i++) {
        int list = near.nearest[i];
        int end = lists.firstMember(list + 1);
        for (int j = lists.firstMember(list, from); j < end && lists.member(j) < to; j++) {
          if (isWithin(list, lists.member(j))) {
            chosen.add(lists.member(j));
          }
        }
      }
      chosen.sort();
    }
  }
}
