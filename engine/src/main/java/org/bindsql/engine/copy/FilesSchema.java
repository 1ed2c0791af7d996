package org.bindsql.engine.copy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;
import org.bindsql.engine.Session;
import org.bindsql.engine.storage.StoragePolicy;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.files.ArrowFile;
import org.bindsql.files.CsvFile;
import org.bindsql.files.CsvOptions;
import org.bindsql.files.FileFormat;
import org.bindsql.files.FileSource;
import org.bindsql.files.FileTable;
import org.bindsql.files.ParquetFile;
import org.bindsql.lance.LanceSchema;
import org.bindsql.lance.dataset.Location;
import org.jspecify.annotations.Nullable;

/**
 * Files as tables, by their paths: {@code FROM 'file.csv'}. Which may be opened the session's
 * {@link StoragePolicy} says.
 */
public final class FilesSchema extends AbstractSchema {
  private static final int KEPT = 32;
  private static final String LANCE = ".lance";

  private final Session session;
  private final Map<Version, FileSource> known =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Version, FileSource> eldest) {
          return size() > KEPT;
        }
      };

  /** What a file was when its columns were found out. */
  private record Version(Path file, FileTime changed, long size) {
    static Version of(Path file, String text) {
      try {
        return new Version(file, Files.getLastModifiedTime(file), Files.size(file));
      } catch (NoSuchFileException e) {
        throw missing(text);
      } catch (IOException e) {
        throw new BindSqlException(
            ErrorCode.NOT_ALLOWED,
            "file '"
                + text
                + "' cannot be read: "
                + (e instanceof AccessDeniedException ? "permission denied" : e.getMessage()),
            e);
      }
    }
  }

  /** Files that a session's policy allows. */
  public FilesSchema(Session session) {
    this.session = session;
  }

  private static BindSqlException missing(String text) {
    return new BindSqlException(ErrorCode.NO_SUCH_TABLE, "no file '" + text + "'");
  }

  private Table table(String text) {
    if (text.equals("*")) { // what an identifier makes of an empty text
      throw missing("");
    }
    return text.toLowerCase(Locale.ROOT).replaceFirst("/+$", "").endsWith(LANCE)
        ? dataset(text)
        : new FileTable(source(text));
  }

  private synchronized FileSource source(String text) {
    Path file = session.storage().fileToRead(text);
    FileFormat format = FileFormat.of(text);
    return known.computeIfAbsent(
        Version.of(file, text),
        version ->
            switch (format) {
              case CSV -> CsvFile.sniff(file, CsvOptions.of(text));
              case PARQUET -> ParquetFile.of(file);
              case ARROW -> ArrowFile.of(file);
            });
  }

  /** A Lance dataset anywhere, as the table of the folder that it lies in. */
  private Table dataset(String text) {
    Location location =
        session.storage().locate(text, Map.of(), session.secrets(), false).asReadOnly();
    Path folder = location.path();
    if (folder != null && !Files.isDirectory(folder)) {
      throw missing(text);
    }
    return LanceSchema.tableAt(location, session.database().lance());
  }

  @Override
  public Lookup<Table> tables() {
    return new Lookup<>() {
      @Override
      public @Nullable Table get(String name) {
        return table(name);
      }

      @Override
      public @Nullable Named<Table> getIgnoreCase(String name) {
        return new Named<>(name, table(name));
      }

      @Override
      public Set<String> getNames(LikePattern pattern) {
        return Set.of();
      }
    };
  }
}
