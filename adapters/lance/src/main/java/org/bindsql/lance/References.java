package org.bindsql.lance;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.Manifest;
import org.jspecify.annotations.Nullable;
import org.lance.Branch;
import org.lance.Dataset;
import org.lance.Tag;
import org.lance.Version;

/**
 * The tags, branches and versions of one dataset.
 *
 * <p>A branch is a dataset of its own in the directory {@code tree/NAME} of the dataset, whose
 * versions before the branch's first are the parent's.
 *
 * @param main the dataset's branch {@code main}
 */
public record References(LanceTable main) {
  /**
   * A branch, or a version of it.
   *
   * @param branch the branch's name, or null for {@code main}
   * @param version number of the version, or null for the newest at any time
   */
  public record Place(Location location, @Nullable String branch, @Nullable Long version) {
    /** Branch and version for messages and for Lance. */
    public org.lance.Ref ref() {
      return branch == null
          ? version == null ? org.lance.Ref.ofMain() : org.lance.Ref.ofMain(version)
          : version == null
              ? org.lance.Ref.ofBranch(branch)
              : org.lance.Ref.ofBranch(branch, version);
    }
  }

  /** The tags. */
  public List<Tag> tags() {
    return Head.read(main, "tags of table " + main.name(), dataset -> dataset.tags().list());
  }

  /** The branches but {@code main}. */
  public List<Branch> branches() {
    return Head.read(
        main, "branches of table " + main.name(), dataset -> dataset.branches().list());
  }

  /** Where a branch of that name lies. */
  public Location branch(String name) {
    Location location = main.location().resolve("tree");
    for (String segment : name.split("/", -1)) {
      location = location.resolve(segment);
    }
    return location;
  }

  /** The versions of a branch that are there, the oldest first. */
  public List<Version> versions(Place place) {
    return Head.read(table(place), "versions of table " + main.name(), Dataset::listVersions);
  }

  /** The table of a place's newest version. */
  public LanceTable table(Place place) {
    return place.branch == null
        ? main
        : new LanceTable(main.name() + ":" + place.branch, place.location, main.session);
  }

  /**
   * Follows references from {@code main}.
   *
   * @throws BindSqlException BAD_ARGUMENT if one leads nowhere
   */
  public Place resolve(List<Reference> references) {
    Place place = new Place(main.location(), null, null);
    for (Reference reference : references) {
      if (place.version != null) {
        throw bad("no version of a version of table " + main.name());
      }
      place =
          switch (reference) {
            case Reference.Number number -> at(place, number.version());
            case Reference.Time time -> at(place, time.time());
            case Reference.Name name -> named(place, name.name());
          };
    }
    return place;
  }

  private Place at(Place place, long version) {
    if (version > 0 && main.session.find(place.location, version) != null) {
      return new Place(place.location, place.branch, version);
    }
    throw bad(
        "table " + main.name() + " has no version " + version + ": " + existing(versions(place)));
  }

  /** Versions as ranges: {@code "it has versions 1 to 3, 7"}. */
  private static String existing(List<Version> versions) {
    StringBuilder text = new StringBuilder("it has versions ");
    for (int i = 0; i < versions.size(); i++) {
      int last = i;
      while (last + 1 < versions.size()
          && versions.get(last + 1).getId() == versions.get(last).getId() + 1) {
        last++;
      }
      text.append(i == 0 ? "" : ", ").append(versions.get(i).getId());
      if (last > i) {
        text.append(" to ").append(versions.get(last).getId());
      }
      i = last;
    }
    return text.toString();
  }

  /** The newest version of a branch at a time. */
  Place at(Place place, LocalDateTime time) {
    List<Version> versions = versions(place);
    Version found = null;
    for (Version version : versions) {
      // Times are compared as they are shown, in milliseconds: a version is found by its own.
      if (!committed(version).isAfter(time)) {
        found = version;
      }
    }
    if (found == null) {
      Version first = versions.getFirst();
      throw bad(
          "table "
              + main.name()
              + " has no version of "
              + Reference.TIMESTAMP.format(time)
              + " or before: the first it has, version "
              + first.getId()
              + ", is of "
              + Reference.TIMESTAMP.format(committed(first)));
    }
    return new Place(place.location, place.branch, found.getId());
  }

  /** When a version was made, see {@link Reference#clock}. */
  public static LocalDateTime committed(Version version) {
    return Reference.clock(version.getDataTime().toInstant());
  }

  private Place named(Place place, String name) {
    if (name.equals(Reference.MAIN) && place.branch == null) {
      return place;
    }
    Optional<Tag> tag = tags().stream().filter(t -> t.getName().equals(name)).findFirst();
    boolean isBranch = branches().stream().anyMatch(b -> b.getName().equals(name));
    if (tag.isPresent() && isBranch) {
      throw bad(
          "'" + name + "' of table " + main.name() + " is a tag and a branch: drop one of them");
    }
    if (tag.isPresent()) {
      String branch = tag.get().getBranch().orElse(null);
      if (place.branch == null || place.branch.equals(branch)) {
        Location location = branch == null ? main.location() : branch(branch);
        return new Place(location, branch, tag.get().getVersion());
      }
    } else if (isBranch && place.branch == null) {
      return new Place(branch(name), name, null);
    }
    throw bad(
        "table " + main.name() + " has no tag or branch '" + name + "': " + names(place.branch));
  }

  private String names(@Nullable String branch) {
    List<String> names = new ArrayList<>();
    tags().stream()
        .filter(t -> branch == null || branch.equals(t.getBranch().orElse(null)))
        .forEach(t -> names.add(t.getName()));
    if (branch == null) {
      branches().forEach(b -> names.add(b.getName()));
    }
    return names.isEmpty() ? "it has none" : "it has " + String.join(", ", names);
  }

  /** The version that a place is now. */
  public DatasetVersion version(Place place) {
    Long number = place.version;
    if (number == null) {
      return new DatasetVersion(place.location, main.session.newest(place.location));
    }
    Manifest manifest = main.session.find(place.location, number);
    if (manifest == null) {
      throw bad(
          "table " + main.name() + " has no version " + number + ": " + existing(versions(place)));
    }
    return new DatasetVersion(place.location, manifest);
  }

  private static BindSqlException bad(String message) {
    return new BindSqlException(ErrorCode.BAD_ARGUMENT, message);
  }
}
