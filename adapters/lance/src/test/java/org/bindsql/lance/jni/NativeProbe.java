package org.bindsql.lance.jni;

import java.nio.file.Path;
import org.apache.calcite.schema.lookup.LikePattern;
import org.bindsql.lance.Lance;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.table.ScanRequest;

/** Program of {@link NativeLibraryTest}: lists the tables of a folder, or writes and reads one. */
final class NativeProbe {
  private NativeProbe() {}

  public static void main(String[] arguments) {
    try (Lance lance = new Lance(Path.of(arguments[0]))) {
      if (arguments[1].equals("list")) {
        lance.schema.tables().getNames(LikePattern.any());
        lance.schema.tables().getIgnoreCase("T");
      } else {
        lance.writeNumbers("probe", Mode.REPLACE, 0, 10);
        if (lance.rows("probe", ScanRequest.of(0)).size() != 10) {
          throw new AssertionError("rows missing");
        }
      }
    }
  }
}
