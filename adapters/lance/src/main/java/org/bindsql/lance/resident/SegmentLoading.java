package org.bindsql.lance.resident;

import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.exec.Shares;
import org.bindsql.lance.resident.SegmentKey.Part;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Missing parts of a column's segments, made by as many threads as the statement may use: sketches
 * from their files where these are good, all else in one pass over the values.
 *
 * <p>All threads have ended when {@link #run} returns or throws.
 */
final class SegmentLoading {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentLoading.class);

  private final ColumnSource source;
  private final ColumnLayout layout;
  private final Set<SegmentKey> missing;
  private final BufferAllocator counter;
  private final BiConsumer<SegmentKey, SegmentMemory> made;
  private final List<ColumnLayout.Piece> pieces;
  private final Map<List<FieldFile>, BlockFile> files = new HashMap<>();
  private final Set<SegmentKey> computed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();

  /**
   * Creates a loading.
   *
   * @param missing the parts to make, of pieces of the layout
   * @param counter counts the memory
   * @param made receives each part, from any thread; the part belongs to it
   */
  SegmentLoading(
      ColumnSource source,
      ColumnLayout layout,
      Set<SegmentKey> missing,
      BufferAllocator counter,
      BiConsumer<SegmentKey, SegmentMemory> made) {
    this.source = source;
    this.layout = layout;
    this.missing = missing;
    this.counter = counter;
    this.made = made;
    this.pieces = layout.pieces().stream().filter(piece -> !missing(piece).isEmpty()).toList();
  }

  /**
   * Makes all that is missing.
   *
   * @return the sketches that were computed, not read from a file
   * @throws RuntimeException the first failure of any thread
   */
  Set<SegmentKey> run() {
    try {
      openFiles();
      int threads = Math.max(1, Math.min(source.context().threads(), pieces.size()));
      Shares.run(
          "bindsql-fingerprints",
          Collections.nCopies(threads, this::work),
          () -> next.set(pieces.size()));
    } finally {
      closeFiles();
    }
    return computed;
  }

  private void openFiles() {
    for (ColumnLayout.Piece piece : pieces) {
      List<FieldFile> file = piece.sketch().files();
      if (missing.contains(piece.sketch()) && !files.containsKey(file)) {
        try {
          BlockFile opened = SketchFiles.open(layout, piece);
          if (opened != null) {
            files.put(file, opened);
          }
        } catch (IOException e) {
          LOG.warn("{}: stored sketches cannot be read and are made anew", source.doing(), e);
        }
      }
    }
  }

  private void closeFiles() {
    for (BlockFile file : files.values()) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.warn("{}: stored sketches cannot be closed", source.doing(), e);
      }
    }
  }

  private void work() {
    for (int i = next.getAndIncrement(); i < pieces.size(); i = next.getAndIncrement()) {
      load(pieces.get(i));
    }
  }

  private void load(ColumnLayout.Piece piece) {
    Set<Part> wanted = missing(piece);
    SegmentMemory stored = wanted.contains(Part.SKETCH) ? stored(piece) : null;
    if (stored != null) {
      made.accept(piece.sketch(), stored);
      wanted.remove(Part.SKETCH);
    }
    if (!wanted.isEmpty()) {
      SegmentReading.run(source, piece, wanted, counter, made);
    }
    if (wanted.contains(Part.SKETCH)) {
      computed.add(piece.sketch());
    }
  }

  private Set<Part> missing(ColumnLayout.Piece piece) {
    Set<Part> parts = EnumSet.allOf(Part.class);
    parts.removeIf(part -> !missing.contains(piece.key(part)));
    return parts;
  }

  private @Nullable SegmentMemory stored(ColumnLayout.Piece piece) {
    BlockFile file = files.get(piece.sketch().files());
    if (file == null) {
      return null;
    }
    try {
      SegmentMemory sketch = SketchFiles.read(file, layout, piece, counter);
      if (sketch == null) {
        LOG.warn(
            "{}: the stored sketches of {} are damaged or out of date and are made anew",
            source.doing(),
            piece.sketch().files());
      }
      return sketch;
    } catch (IOException e) {
      LOG.warn("{}: stored sketches cannot be read and are made anew", source.doing(), e);
      return null;
    }
  }
}
