package org.bindsql.lance.resident;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.cascade.Segment;
import org.bindsql.cascade.Sketch;
import org.bindsql.lance.dataset.DatasetFiles;
import org.bindsql.lance.dataset.DatasetLock;
import org.bindsql.lance.dataset.Location;
import org.jspecify.annotations.Nullable;

/**
 * The stored sketches of a table on a local file system: a file for each of its data files and
 * column, {@code _hdr/DATAFILE.FIELD.hdr} in the table's directory.
 *
 * <p>Three blocks for each segment: the bitmap of the fingerprints that are not NULL; the bitmap of
 * the rows that were there, empty if all were; the sketch. All three are empty for a segment of
 * which no row was there.
 */
final class SketchFiles {
  /** The directory in a dataset's; Lance's own cleaning leaves it alone. */
  static final String DIRECTORY = "_hdr";

  private static final String SUFFIX = ".hdr";
  private static final int BLOCKS_PER_SEGMENT = 3;

  /** A file that is unfinished for longer has lost its writer. */
  private static final Duration LONGEST_WRITE = Duration.ofHours(1);

  private SketchFiles() {}

  /** Where a column's sketches of a data file are kept; null if they are not. */
  static @Nullable Path path(SegmentKey key) {
    Path dataset = key.dataset().path();
    if (dataset == null || key.files().stream().anyMatch(file -> file.base() != null)) {
      return null;
    }
    FieldFile first = key.files().getFirst();
    String fields = fields(key.files().stream().map(FieldFile::field).toList());
    return directory(dataset).resolve(first.path() + "." + fields + SUFFIX);
  }

  /** The numbers of a column's fields as they are in the names of files. */
  static String fields(List<Integer> fields) {
    return fields.stream().map(String::valueOf).collect(Collectors.joining("-"));
  }

  static Path directory(Path dataset) {
    return dataset.resolve(DIRECTORY);
  }

  /** What a file says of itself: whatever changes here makes all files with it worthless. */
  private static String description(SegmentKey key, int width, long rows) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(Sketch.layout(width)).append("; rows ").append(rows);
    text.append(" in segments of ").append(Segment.MAX_ROWS);
    Path dataset = key.dataset().path();
    for (FieldFile file : key.files()) {
      long bytes = file.bytes();
      if (bytes < 0 && dataset != null) {
        bytes = Files.size(new DatasetFiles(dataset).dataDirectory().resolve(file.path()));
      }
      text.append("; field ").append(file.field()).append(" of ").append(file.path());
      text.append(", ").append(bytes).append(" bytes");
    }
    return text.toString();
  }

  /**
   * Opens the sketches of a piece's data file.
   *
   * @return null if there are none that can be believed
   */
  static @Nullable BlockFile open(ColumnLayout layout, ColumnLayout.Piece piece)
      throws IOException {
    Path path = path(piece.sketch());
    if (path == null) {
      return null;
    }
    return BlockFile.open(path, description(piece.sketch(), layout.width(), piece.fileRows()));
  }

  /** Reads a segment's sketch; null if it is damaged, or lacks rows that live. */
  static @Nullable SegmentMemory read(
      BlockFile file, ColumnLayout layout, ColumnLayout.Piece piece, BufferAllocator counter)
      throws IOException {
    int first = piece.sketch().index() * BLOCKS_PER_SEGMENT;
    long bitmapBytes = SegmentMemory.bitmapBytes(piece.rows());
    long sketchBytes =
        SegmentMemory.dataBytes(SegmentKey.Part.SKETCH, layout.width(), piece.rows());
    if (file.blocks() < first + BLOCKS_PER_SEGMENT
        || file.bytes(first) != bitmapBytes
        || (file.bytes(first + 1) != 0 && file.bytes(first + 1) != bitmapBytes)
        || file.bytes(first + 2) != sketchBytes) {
      return null;
    }
    BitSet present = null;
    if (file.bytes(first + 1) != 0) {
      byte[] bitmap = new byte[(int) bitmapBytes];
      if (!file.read(first + 1, MemorySegment.ofArray(bitmap))) {
        return null;
      }
      present = BitSet.valueOf(bitmap);
    }
    SegmentMemory memory =
        SegmentMemory.allocate(counter, SegmentKey.Part.SKETCH, layout.width(), piece.rows());
    boolean whole = false;
    try {
      whole =
          file.read(first, memory.bitmap())
              && file.read(first + 2, memory.data())
              && memory
                  .complete(hasNulls(memory.bitmap(), present, piece.rows()), present)
                  .covers(piece.live());
    } finally {
      if (!whole) {
        memory.close();
      }
    }
    return whole ? memory : null;
  }

  /** Whether a file has sketches, and there is a place where they can be stored. */
  static boolean canStore(ColumnLayout file) {
    return !file.sketches().isEmpty() && path(file.pieces().getFirst().sketch()) != null;
  }

  /**
   * Whether the sketches of a data file are stored, all of them can be read, and none lacks rows
   * that live.
   *
   * @param file the layout of that file alone
   */
  static boolean isWhole(ColumnLayout file, BufferAllocator counter) {
    try (BlockFile opened = open(file, file.pieces().getFirst())) {
      if (opened == null) {
        return false;
      }
      for (ColumnLayout.Piece piece : file.pieces()) {
        SegmentMemory sketch = read(opened, file, piece, counter);
        if (sketch == null) {
          return false;
        }
        sketch.close();
      }
      return true;
    } catch (IOException e) {
      return false; // writing will say it
    }
  }

  /**
   * Removes files that are of no use: of data files that are gone, of fields that have no index,
   * and what a killed writer left.
   *
   * @param dataset the table's directory
   * @param dataFiles names of the data files of all versions
   * @param fields numbers of indexed columns' fields, as they are in the names of files
   * @return the bytes removed
   */
  static long clean(Path dataset, Predicate<String> dataFiles, Set<String> fields)
      throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(dataset))) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        boolean ours = name.endsWith(SUFFIX);
        int dot = ours ? name.lastIndexOf('.', name.length() - SUFFIX.length() - 1) : -1;
        boolean useless =
            dot > 0
                ? !dataFiles.test(name.substring(0, dot))
                    || !fields.contains(name.substring(dot + 1, name.length() - SUFFIX.length()))
                : BlockFile.isPartial(file) && isOld(file);
        if (useless) {
          bytes += Files.size(file);
          Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException e) {
      return bytes; // nothing stored, or removed by somebody else
    }
    return bytes;
  }

  private static boolean isOld(Path file) throws IOException {
    Instant modified = Files.getLastModifiedTime(file).toInstant();
    return modified.isBefore(Instant.now().minus(LONGEST_WRITE));
  }

  private static boolean hasNulls(MemorySegment valid, @Nullable BitSet present, int rows) {
    BitSet nulls = BitSet.valueOf(valid.toArray(ValueLayout.JAVA_BYTE));
    nulls.flip(0, rows);
    if (present != null) {
      nulls.and(present);
    }
    return !nulls.isEmpty();
  }

  /**
   * Stores the sketches of a data file, unless the table was dropped meanwhile.
   *
   * @param file the layout of that file alone
   * @param sketches the sketch of each of its pieces
   */
  static void write(ColumnLayout file, Map<SegmentKey, SegmentMemory> sketches) throws IOException {
    ColumnLayout.Piece any = file.pieces().getFirst();
    Path path = path(any.sketch());
    if (path == null) {
      return;
    }
    Location dataset = any.sketch().dataset();
    try (DatasetLock.Hold inPlace = DatasetLock.share(dataset, () -> {})) {
      Path directory = dataset.localPath();
      Path data = new DatasetFiles(directory).dataDirectory();
      if (Files.exists(data.resolve(any.sketch().files().getFirst().path()))) {
        makeDirectory(directory(directory));
        write(path, file, sketches);
      }
    }
  }

  private static void makeDirectory(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      return;
    }
  }

  private static void write(Path path, ColumnLayout file, Map<SegmentKey, SegmentMemory> sketches)
      throws IOException {
    ColumnLayout.Piece any = file.pieces().getFirst();
    MemorySegment none = MemorySegment.ofArray(new byte[0]);
    List<MemorySegment> blocks =
        new ArrayList<>(Collections.nCopies(any.pieces() * BLOCKS_PER_SEGMENT, none));
    for (ColumnLayout.Piece piece : file.pieces()) {
      int first = piece.sketch().index() * BLOCKS_PER_SEGMENT;
      SegmentMemory sketch = Objects.requireNonNull(sketches.get(piece.sketch()));
      blocks.set(first, sketch.bitmap());
      blocks.set(first + 1, bitmap(sketch.present(), piece.rows()));
      blocks.set(first + 2, sketch.data());
    }
    BlockFile.write(path, description(any.sketch(), file.width(), any.fileRows()), blocks);
  }

  private static MemorySegment bitmap(@Nullable BitSet rows, int count) {
    if (rows == null) {
      return MemorySegment.ofArray(new byte[0]);
    }
    byte[] bytes = new byte[(int) SegmentMemory.bitmapBytes(count)];
    byte[] set = rows.toByteArray();
    System.arraycopy(set, 0, bytes, 0, set.length);
    return MemorySegment.ofArray(bytes);
  }
}
