package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The order in which a segment's rows are held, so that the triangle inequality rules out many of
 * them without reading them.
 *
 * <p>Each row belongs to the list of a centre near it and has a radius, its distance to that
 * centre. A query at distance d from the centre is at least |d - radius| from the row, and no row
 * whose |d - radius| exceeds tau is in the answer. Rows are held by radius, those of the same
 * {@link #CHUNK} rows by list: most lists are far from a query and about equally far, so what the
 * bound leaves of them is the end of the segment, one stretch of memory. The rows of a near list
 * are found by its members.
 *
 * <p>Rows that are NULL or not there, and those whose radius does not fit, are in no list; they
 * come last and nothing rules them out.
 *
 * <pre>
 *   u16 per position   row (before the segment was put in this order) │ list │ radius
 *   u16 per position   members: positions of list 0, ascending, then those of list 1, ...
 *   i32 per list + 2   where its members begin; the last list is of the rows in no list
 *   2 x u16 per chunk  least and greatest radius of its rows in a list; 65535 and 0 if there are none
 * </pre>
 *
 * @param memory {@link #bytes} bytes
 * @param rows number of rows
 */
public record Lists(MemorySegment memory, int rows, Centres centres) {
  /** Rows with similar radii, ordered among each other by list; positions are cut at multiples. */
  static final int CHUNK = Stripe.ROWS;

  /** Greatest radius. */
  static final int MAX_RADIUS = 0xFFFF;

  private static final ValueLayout.OfChar U16 = ValueLayout.JAVA_CHAR_UNALIGNED;
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;

  /** Bytes that so many rows in so many lists take. */
  public static long bytes(int rows, int centres) {
    return 8L * rows + 4L * (centres + 2) + 4L * chunks(rows);
  }

  private static int chunks(int rows) {
    return (rows + CHUNK - 1) / CHUNK;
  }

  /** Number of the list of the rows that are in none. */
  int noList() {
    return centres.count();
  }

  /** Number of a row, at {@code position}, before the segment was put in this order. */
  public int row(int position) {
    return memory.get(U16, 2L * position);
  }

  int list(int position) {
    return memory.get(U16, 2L * (rows + position));
  }

  /** Distance of a row to its centre; 0 if it is in no list. */
  int radius(int position) {
    return memory.get(U16, 2L * (2L * rows + position));
  }

  /** Position of the i-th of the members of all lists. */
  int member(int i) {
    return memory.get(U16, 2L * (3L * rows + i));
  }

  /** Where a list's members begin; those of the next list follow. */
  int firstMember(int list) {
    return memory.get(I32, 8L * rows + 4L * list);
  }

  /** The first of a list's members at {@code position} or behind it. */
  int firstMember(int list, int position) {
    int low = firstMember(list);
    int high = firstMember(list + 1);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (member(middle) < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long chunkOffset(int chunk) {
    return 8L * rows + 4L * (centres.count() + 2) + 4L * chunk;
  }

  int leastRadius(int chunk) {
    return memory.get(U16, chunkOffset(chunk));
  }

  int greatestRadius(int chunk) {
    return memory.get(U16, chunkOffset(chunk) + 2);
  }

  /**
   * Writes the order of the rows.
   *
   * @param order the row at each position
   * @param listOf list of each row, {@link #noList} for none
   * @param radiusOf radius of each row, 0 if in no list
   */
  void write(int[] order, char[] listOf, char[] radiusOf) {
    int[] starts = new int[centres.count() + 2];
    for (int position = 0; position < rows; position++) {
      int row = order[position];
      memory.set(U16, 2L * position, (char) row);
      memory.set(U16, 2L * (rows + position), listOf[row]);
      memory.set(U16, 2L * (2L * rows + position), radiusOf[row]);
      starts[listOf[row] + 1]++;
    }
    for (int list = 0; list < starts.length; list++) {
      starts[list] += list == 0 ? 0 : starts[list - 1];
      memory.set(I32, 8L * rows + 4L * list, starts[list]);
    }
    for (int position = 0; position < rows; position++) {
      memory.set(U16, 2L * (3L * rows + starts[list(position)]++), (char) position);
    }
    for (int chunk = 0; chunk < chunks(rows); chunk++) {
      writeChunk(chunk);
    }
  }

  private void writeChunk(int chunk) {
    int least = MAX_RADIUS;
    int greatest = 0;
    for (int i = chunk * CHUNK; i < Math.min(rows, (chunk + 1) * CHUNK); i++) {
      if (list(i) != noList()) {
        least = Math.min(least, radius(i));
        greatest = Math.max(greatest, radius(i));
      }
    }
    memory.set(U16, chunkOffset(chunk), (char) least);
    memory.set(U16, chunkOffset(chunk) + 2, (char) greatest);
  }
}
