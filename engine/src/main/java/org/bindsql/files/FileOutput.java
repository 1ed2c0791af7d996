package org.bindsql.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * A file that is written whole or not at all.
 *
 * <p>Its rows grow in a hidden directory beside it, {@code .NAME.UUID.tmp}, from which it moves to
 * its place when it is complete and on the disk. A process that is killed leaves that directory and
 * nothing under the file's name.
 *
 * @param file to be written
 * @param replace whether a file of the name may be there already
 */
public record FileOutput(Path file, boolean replace) {
  /** Writes rows in one format. */
  interface Codec {
    /** Writes the rows to a file that does not exist; returns how many there are. */
    long write(Path file, Schema schema, BatchReader rows, ExecutionContext context)
        throws IOException;
  }

  /**
   * Writes the rows of a reader, which is closed, and returns how many there are.
   *
   * @param csv for CSV, else null
   * @throws BindSqlException TABLE_EXISTS if there is a file of the name that may not be replaced
   */
  public long write(
      FileFormat format,
      @Nullable CsvOptions csv,
      Schema schema,
      BatchReader rows,
      ExecutionContext context) {
    Codec codec =
        switch (format) {
          case CSV -> new CsvCodec(csv == null ? CsvOptions.of(file.toString()) : csv);
          case PARQUET -> new ParquetCodec();
          case ARROW -> new ArrowCodec();
        };
    try (rows) {
      check();
      Path parent = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file);
      Path home =
          Files.createDirectory(
              parent.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp"));
      try {
        Path grown = home.resolve("rows");
        long count = codec.write(grown, schema, rows, context);
        publish(grown, parent);
        return count;
      } finally {
        delete(home);
      }
    } catch (IOException e) {
      throw FileErrors.unwritable(file, e);
    }
  }

  /** Fails if there is a file of the name that may not be replaced. */
  public void check() {
    if (Files.isDirectory(file) || (!replace && Files.exists(file))) {
      throw exists();
    }
  }

  private BindSqlException exists() {
    return new BindSqlException(
        ErrorCode.TABLE_EXISTS,
        Files.isDirectory(file)
            ? "'" + file + "' is a directory; expected a file"
            : "file '" + file + "' exists; say OVERWRITE to replace it");
  }

  private void publish(Path grown, Path parent) throws IOException {
    force(grown, StandardOpenOption.WRITE);
    if (replace) {
      Files.move(grown, file, StandardCopyOption.ATOMIC_MOVE);
    } else {
      try {
        Files.createLink(file, grown); // unlike a move it never replaces
      } catch (FileAlreadyExistsException e) {
        throw exists();
      } catch (UnsupportedOperationException e) {
        Files.move(grown, file);
      }
    }
    force(parent, StandardOpenOption.READ);
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    } catch (java.nio.file.AccessDeniedException e) {
      return; // a directory on Windows
    }
  }

  private static void delete(Path home) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(home)) {
      for (Path path : left) {
        if (Files.isDirectory(path)) {
          delete(path);
        } else {
          Files.delete(path);
        }
      }
    }
    Files.delete(home);
  }
}
