package org.bindsql.lance.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.Session;
import org.lance.fragment.RowIdMeta;

/**
 * The native caches that versions of datasets are opened in.
 *
 * <p>Lance keeps what it reads under the dataset's URI and a version's or a fragment's number, and
 * believes that both mean the same for ever. They do not: a table that is dropped and created anew
 * begins with version 1 again, and one that is replaced, or restored and changed, numbers its
 * fragments again, which have other row ids then. Versions that contradict each other so form
 * <em>lineages</em>, each with caches of its own: the first of a dataset shares one pair of caches
 * with those of all others, later ones have small ones. Thread-safe.
 */
final class Lineages implements AutoCloseable {
  /** Greatest number of caches beside the shared ones. */
  private static final int MAX_OWN = 8;

  /** Versions, fragments and datasets to remember; with more, all caches begin anew. */
  private static final int MAX_KNOWN = 1 << 20;

  /** Versions of one dataset that are remembered. */
  private static final int MAX_VERSIONS = 1000;

  private final Supplier<Session> shared;
  private final Supplier<Session> own;
  private final Map<Location, Place> places = new HashMap<>();
  private final Deque<Lineage> owned = new ArrayDeque<>();
  private @Nullable Session current;
  private int known;

  /** Versions that agree. */
  private static final class Lineage {
    final Session caches;

    /** Fingerprint of each fragment's row ids. */
    final Map<Integer, Long> rowIds = new HashMap<>();

    Lineage(Session caches) {
      this.caches = caches;
    }
  }

  /** What lies in one location. */
  private static final class Place {
    /** Tells the directory from another one of the same name. */
    String directory = "";

    final Map<Long, Manifest> versions =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, Manifest> eldest) {
            return size() > MAX_VERSIONS;
          }
        };

    /** The newest first. */
    final List<Lineage> lineages = new ArrayList<>();

    /** Whether the shared caches have seen the location. */
    boolean isShared;
  }

  /**
   * Creates caches, of which none exist yet.
   *
   * @param shared makes caches for most datasets
   * @param own makes smaller ones, for one lineage
   */
  Lineages(Supplier<Session> shared, Supplier<Session> own) {
    this.shared = shared;
    this.own = own;
  }

  /**
   * Opens a version in caches that hold nothing which contradicts it.
   *
   * @param manifest of the version, or null to ask the opened dataset for it
   * @param opening opens the version in given caches; called again if those do not fit
   */
  Dataset open(Location location, @Nullable Manifest manifest, Function<Session, Dataset> opening) {
    String directory = directory(location);
    List<Lineage> tried = new ArrayList<>();
    while (true) {
      Lineage lineage = next(location, directory, manifest, tried);
      Dataset dataset = opening.apply(lineage.caches);
      try {
        Manifest opened = manifest == null ? Manifest.of(dataset.getVersion()) : manifest;
        if (accept(location, opened, lineage, rowIds(dataset))) {
          return dataset;
        }
      } catch (RuntimeException | Error e) {
        dataset.close();
        throw e;
      }
      dataset.close();
      tried.add(lineage);
    }
  }

  private synchronized Lineage next(
      Location location, String directory, @Nullable Manifest manifest, List<Lineage> tried) {
    if (known > MAX_KNOWN) {
      clear();
    }
    Place place =
        places.computeIfAbsent(
            location,
            l -> {
              known++;
              return new Place();
            });
    if (!place.directory.equals(directory)) {
      beginAnew(place);
      place.directory = directory;
    }
    if (manifest != null && contradicts(place, manifest)) {
      beginAnew(place);
    }
    for (Lineage lineage : place.lineages) {
      if (!tried.contains(lineage)) {
        return lineage;
      }
    }
    Lineage lineage;
    if (place.isShared) {
      lineage = new Lineage(own.get());
      owned.add(lineage);
      if (owned.size() > MAX_OWN) {
        close(owned.remove());
      }
    } else {
      place.isShared = true;
      Session caches = current;
      if (caches == null) {
        caches = shared.get();
        current = caches;
      }
      lineage = new Lineage(caches);
    }
    place.lineages.addFirst(lineage);
    return lineage;
  }

  /** Notes that a lineage has a version, or returns false if it cannot. */
  private synchronized boolean accept(
      Location location, Manifest manifest, Lineage lineage, Map<Integer, Long> rowIds) {
    Place place = places.get(location);
    if (place == null || !place.lineages.contains(lineage)) {
      return false; // given up meanwhile
    }
    if (contradicts(place, manifest)) {
      beginAnew(place);
      return false;
    }
    for (Map.Entry<Integer, Long> fragment : rowIds.entrySet()) {
      Long before = lineage.rowIds.get(fragment.getKey());
      if (before != null && !before.equals(fragment.getValue())) {
        return false;
      }
    }
    known -= lineage.rowIds.size() + place.versions.size();
    lineage.rowIds.putAll(rowIds);
    place.versions.put(manifest.version(), manifest);
    known += lineage.rowIds.size() + place.versions.size();
    return true;
  }

  /** Whether the location had another version of the same number. */
  private static boolean contradicts(Place place, Manifest manifest) {
    Manifest before = place.versions.get(manifest.version());
    return before != null && !before.equals(manifest);
  }

  /** Forgets a dataset that is there no more. */
  private void beginAnew(Place place) {
    for (Lineage lineage : List.copyOf(place.lineages)) {
      known -= lineage.rowIds.size();
      if (owned.remove(lineage)) {
        lineage.caches.close();
      }
    }
    known -= place.versions.size();
    place.lineages.clear();
    place.versions.clear();
  }

  private void close(Lineage lineage) {
    places.values().forEach(place -> place.lineages.remove(lineage));
    known -= lineage.rowIds.size();
    lineage.caches.close();
  }

  private void clear() {
    owned.forEach(lineage -> lineage.caches.close());
    owned.clear();
    places.clear();
    known = 0;
    if (current != null) {
      current.close();
      current = null;
    }
  }

  /** Identity of a local directory; one created anew has another. */
  private static String directory(Location location) {
    Path path = location.path();
    if (path == null) {
      return "";
    }
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.fileKey() + " " + attributes.creationTime();
    } catch (IOException e) {
      return ""; // opening will say it
    }
  }

  /** Fingerprints of the row ids of each fragment; none if a row's id is its address. */
  private static Map<Integer, Long> rowIds(Dataset dataset) {
    Map<Integer, Long> result = new HashMap<>();
    if (dataset.hasStableRowIds()) {
      for (Fragment fragment : dataset.getFragments()) {
        RowIdMeta ids = fragment.metadata().getRowIdMeta();
        result.put(fragment.getId(), ids == null ? 0 : fingerprint(ids.getMetadata()));
      }
    }
    return result;
  }

  private static long fingerprint(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return (long) text.hashCode() << 32 | crc.getValue();
  }

  /** Closes the caches; datasets opened in them stay usable. */
  @Override
  public synchronized void close() {
    clear();
  }
}
