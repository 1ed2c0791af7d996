package org.bindsql.cascade;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@link Centres} in a sample of a column: as many as the data have, none if they have none.
 *
 * <p>Leader clustering (Hartigan, Clustering Algorithms, 1975, chapter 3): a row joins the nearest
 * leader within a threshold, or becomes one. Leaders that nobody joined are noise. The centre of a
 * cluster is the majority of its members' bits, which lies nearer to all of them than any member
 * does; of centres that so came close to each other one stays, and the sample is assigned once
 * more. Deterministic: the same rows give the same centres.
 */
public final class CentreSearch {
  /** Least number of rows of a column that gets lists: chosen, not measured. */
  public static final long LEAST_ROWS = 200_000;

  /** Least width: below, reading whole rows is too cheap. Such codes have two halves of sketch. */
  public static final int LEAST_WIDTH = Codes.SLICED_FROM;

  private static final int SAMPLE_ROWS = 16_384;
  private static final int SAMPLE_BYTES = 32 << 20;
  private static final int MAX_LEADERS = 8192;
  private static final int PAIRS = 256;
  private static final long SEED = 20261120;

  /** Share of the sample that must be near a centre: what is not survives every search. */
  private static final double LEAST_SHARE = 1.0 / 3;

  private final Codes sample;
  private final HammingKernel kernel;
  private final Arena scratch;
  private final Runnable checkpoint;
  private final int threshold;

  private CentreSearch(Codes sample, HammingKernel kernel, Arena scratch, Runnable checkpoint) {
    this.sample = sample;
    this.kernel = kernel;
    this.scratch = scratch;
    this.checkpoint = checkpoint;
    this.threshold = typicalDistance() / 4 * 3;
  }

  /**
   * Finds the centres of some segments' rows.
   *
   * @param segments with codes, of a width of at least {@link #LEAST_WIDTH}
   * @param there for each segment an Arrow bitmap of the rows to look at, null for all
   * @param memory for the centres
   * @param checkpoint run now and then; what it throws ends the search
   * @return null if too few rows gather around centres for lists to be of use
   */
  public static @Nullable Centres find(
      List<Segment> segments,
      List<? extends @Nullable MemorySegment> there,
      SegmentAllocator memory,
      HammingKernel kernel,
      Runnable checkpoint) {
    try (Arena scratch = Arena.ofConfined()) {
      Codes sample = sample(segments, there, scratch);
      return sample.rows() < 2
          ? null
          : new CentreSearch(sample, kernel, scratch, checkpoint).find(memory);
    }
  }

  private static Codes sample(
      List<Segment> segments, List<? extends @Nullable MemorySegment> there, Arena scratch) {
    int width = segments.getFirst().width();
    int wanted = Math.min(SAMPLE_ROWS, SAMPLE_BYTES / width);
    List<Selection> rows = new ArrayList<>();
    long total = 0;
    for (int i = 0; i < segments.size(); i++) {
      Selection all = Selection.range(0, segments.get(i).rows());
      MemorySegment bitmap = there.get(i);
      rows.add(bitmap == null ? all : Validity.select(bitmap, all, false));
      total += rows.getLast().count();
    }
    SplittableRandom random = new SplittableRandom(SEED);
    MemorySegment codes = scratch.allocate((long) wanted * width, Segment.ALIGNMENT);
    long left = total;
    int drawn = 0;
    for (int i = 0; i < segments.size(); i++) {
      Codes from = Objects.requireNonNull(segments.get(i).codes());
      for (int j = 0; j < rows.get(i).count(); j++, left--) {
        if (random.nextLong(left) < wanted - drawn) { // Knuth's algorithm S
          from.read(rows.get(i).position(j), 0, width, codes, (long) drawn++ * width);
        }
      }
    }
    return Codes.rowMajor(codes, width, drawn);
  }

  /** Median distance of pairs drawn from the sample. */
  private int typicalDistance() {
    SplittableRandom random = new SplittableRandom(SEED);
    int[] distances = new int[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      int a = random.nextInt(sample.rows());
      int b = (a + 1 + random.nextInt(sample.rows() - 1)) % sample.rows();
      distances[i] = distance(sample, a, sample, b);
    }
    Arrays.sort(distances);
    return distances[PAIRS / 2];
  }

  private int distance(Codes a, int i, Codes b, int j) {
    return kernel.distance(a.memory(), a.offset(0, i), b.memory(), b.offset(0, j), sample.width());
  }

  private @Nullable Centres find(SegmentAllocator memory) {
    Codes leaders = majorities(lead());
    if (leaders.rows() == 0) {
      return null;
    }
    List<List<Integer>> members = assign(distinct(leaders));
    Codes found = majorities(members);
    long near = members.stream().filter(list -> list.size() > 1).mapToLong(List::size).sum();
    if (found.rows() < 2 || near < LEAST_SHARE * sample.rows()) {
      return null;
    }
    MemorySegment target = memory.allocate((long) found.rows() * found.width(), Segment.ALIGNMENT);
    return new Centres(found).copyTo(target);
  }

  /** The leaders' members, themselves included. */
  private List<List<Integer>> lead() {
    SketchIndex index = index(Math.min(MAX_LEADERS, sample.rows()));
    List<List<Integer>> members = new ArrayList<>();
    for (int row = 0; row < sample.rows(); row++) {
      checkpoint.run();
      int nearest = index.nearest(words(row));
      if (nearest >= 0
          && distance(sample, members.get(nearest).getFirst(), sample, row) <= threshold) {
        members.get(nearest).add(row);
      } else if (!index.isFull()) {
        index.add(sample.memory(), sample.offset(0, row));
        members.add(new ArrayList<>(List.of(row)));
      }
    }
    return members;
  }

  /** The members of each centre: the rows within the threshold of which it is the nearest. */
  private List<List<Integer>> assign(Codes centres) {
    SketchIndex index = index(centres.rows());
    List<List<Integer>> members = new ArrayList<>();
    for (int i = 0; i < centres.rows(); i++) {
      index.add(centres.memory(), centres.offset(0, i));
      members.add(new ArrayList<>());
    }
    for (int row = 0; row < sample.rows(); row++) {
      checkpoint.run();
      int nearest = index.nearest(words(row));
      if (distance(centres, nearest, sample, row) <= threshold) {
        members.get(nearest).add(row);
      }
    }
    return members;
  }

  private SketchIndex index(int capacity) {
    return new SketchIndex(sample.width(), capacity, scratch, kernel);
  }

  private long[][] words(int row) {
    SketchPositions positions = SketchPositions.of(sample.width());
    long[][] words = new long[Sketch.halves(sample.width())][Sketch.HALF_WORDS];
    for (int half = 0; half < words.length; half++) {
      for (int word = 0; word < Sketch.HALF_WORDS; word++) {
        words[half][word] = positions.word(half, word, sample.memory(), sample.offset(0, row));
      }
    }
    return words;
  }

  /** Centres without those that lie close to one with more members, which comes before. */
  private Codes distinct(Codes centres) {
    int[] kept = new int[centres.rows()];
    int count = 0;
    for (int i = 0; i < centres.rows(); i++) {
      int candidate = i;
      if (IntStream.range(0, count)
          .allMatch(j -> distance(centres, kept[j], centres, candidate) > threshold / 2)) {
        kept[count++] = i;
      }
    }
    int width = centres.width();
    MemorySegment codes = scratch.allocate((long) count * width, Segment.ALIGNMENT);
    for (int i = 0; i < count; i++) {
      centres.read(kept[i], 0, width, codes, (long) i * width);
    }
    return Codes.rowMajor(codes, width, count);
  }

  /**
   * The majorities of the bits of each cluster with two members or more, the largest cluster first;
   * where as many have a bit as have not, the first member decides.
   */
  private Codes majorities(List<List<Integer>> clusters) {
    List<List<Integer>> large =
        clusters.stream()
            .filter(members -> members.size() > 1)
            .sorted(Comparator.comparing(members -> -members.size()))
            .limit(Centres.MAX)
            .toList();
    int width = sample.width();
    MemorySegment codes = scratch.allocate((long) large.size() * width, Segment.ALIGNMENT);
    int[] set = new int[Byte.SIZE * width];
    for (int i = 0; i < large.size(); i++) {
      checkpoint.run();
      Arrays.fill(set, 0);
      large.get(i).forEach(row -> count(row, set));
      byte[] first = sample.read(large.get(i).getFirst());
      majority(set, large.get(i).size(), first);
      MemorySegment.copy(first, 0, codes, ValueLayout.JAVA_BYTE, (long) i * width, width);
    }
    return Codes.rowMajor(codes, width, large.size());
  }

  private void count(int row, int[] set) {
    byte[] code = sample.read(row);
    for (int bit = 0; bit < set.length; bit++) {
      set[bit] += code[bit >>> 3] >>> (bit & 7) & 1;
    }
  }

  private static void majority(int[] set, int members, byte[] tie) {
    for (int bit = 0; bit < set.length; bit++) {
      int mask = 1 << (bit & 7);
      int bits = tie[bit >>> 3];
      if (2 * set[bit] > members) {
        bits |= mask;
      } else if (2 * set[bit] < members) {
        bits &= ~mask;
      }
      tie[bit >>> 3] = (byte) bits;
    }
  }
}
