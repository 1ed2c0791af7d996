package org.bindsql.lance.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.bindsql.error.BindSqlException;
import org.junit.jupiter.api.Test;

class VersionHoldsTest {
  @Test
  void aVersionBeingRemovedCannotBeOpened() {
    VersionHolds holds = new VersionHolds();
    DatasetVersion first = version(1);
    DatasetVersion fifth = version(5);
    holds.hold(version(3));
    VersionHolds.Removal removal = holds.remove(first.location(), 9);
    assertEquals(3, removal == null ? -1 : removal.before());
    assertThrows(BindSqlException.class, () -> holds.hold(first));
    holds.hold(fifth);
    assertEquals(null, holds.remove(first.location(), 9));
    assertEquals(null, holds.removeAlone(first.location(), 9));
    if (removal != null) {
      removal.close();
    }
    holds.hold(first);
  }

  private static DatasetVersion version(long version) {
    return new DatasetVersion(
        Location.of(Path.of("/nowhere")), new Manifest(null, version, 0, 0, ""));
  }
}
