package org.bindsql.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.schema.Schema;
import org.bindsql.lance.LanceSchema;
import org.jspecify.annotations.Nullable;

/**
 * What schemas, tables and views a session sees, as far as the times of their folders tell: every
 * table or view made, renamed, replaced or dropped, by whatever process, changes the time of a
 * folder.
 *
 * @param schemas by name: the folder's time, or the schema itself if its tables never change
 */
record CatalogState(Map<String, Object> schemas) {
  /**
   * Milliseconds for which a folder must have been left alone: a file system's clock may tick
   * seldom, and then does not tell two changes apart.
   */
  private static final long SETTLED = 2000;

  /** The state now, or null if the times of the folders do not tell. */
  static @Nullable CatalogState of(Session session) {
    Map<String, Object> state = new HashMap<>();
    for (Map.Entry<String, Schema> schema : session.allSchemas().entrySet()) {
      if (schema.getValue() instanceof LanceSchema lance) {
        Path folder = lance.location().path();
        FileTime time = folder == null ? null : settled(folder);
        if (time == null) {
          return null;
        }
        state.put(schema.getKey(), time);
      } else {
        state.put(schema.getKey(), schema.getValue());
      }
    }
    return new CatalogState(state);
  }

  private static @Nullable FileTime settled(Path folder) {
    try {
      FileTime time = Files.getLastModifiedTime(folder);
      return time.toMillis() < System.currentTimeMillis() - SETTLED ? time : null;
    } catch (IOException e) {
      return null; // no such folder yet
    }
  }
}
