package org.bindsql.lance.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.Lance;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.Dataset;

/** The messages of this lance-core by which failures are told apart. */
class LanceErrorsTest {
  @TempDir Path folder;

  @Test
  void failuresHaveTheirCodes() {
    try (Lance lance = new Lance(folder)) {
      lance.writeNumbers("t", Mode.CREATE, 0, 1);
      String uri = folder.resolve("t.lance").toString();
      Throwable exists =
          assertThrows(
              Throwable.class,
              () ->
                  Dataset.write()
                      .allocator(lance.allocator)
                      .schema(Lance.NUMBERS)
                      .uri(uri)
                      .execute()
                      .close());
      assertEquals(ErrorCode.TABLE_EXISTS, LanceErrors.code(exists), exists.getMessage());
      Throwable missing =
          assertThrows(
              Throwable.class,
              () -> Dataset.open().allocator(lance.allocator).uri(uri + "x").build().close());
      assertEquals(ErrorCode.DATA_CORRUPTED, LanceErrors.code(missing), missing.getMessage());
      BindSqlException mismatch =
          assertThrows(
              BindSqlException.class,
              () -> {
                var other = new org.apache.arrow.vector.IntVector("other", lance.allocator);
                other.setValueCount(1);
                lance.write("t", Mode.APPEND, new Schema(List.of(other.getField())), 1, other);
              });
      assertEquals(ErrorCode.TYPE_MISMATCH, mismatch.code(), mismatch.getMessage());
    }
    assertEquals(
        ErrorCode.LIMIT_REACHED,
        LanceErrors.translate(
                "scan of table t",
                new IllegalArgumentException(
                    "Could not load buffers", new OutOfMemoryException("limit")))
            .code());
    assertEquals(
        ErrorCode.SERIALIZATION_FAILURE,
        LanceErrors.code(new RuntimeException("Too many concurrent writers. Attempted 3 retries")));
    assertEquals(ErrorCode.DATA_CORRUPTED, LanceErrors.code(new IOException("LanceError(IO): x")));
    assertEquals(ErrorCode.INTERNAL, LanceErrors.code(new RuntimeException("surprise")));
    assertEquals(
        ErrorCode.DATA_CORRUPTED,
        LanceErrors.code(
            new IllegalArgumentException(
                "file does not appear to be a Lance file (invalid magic")));
    assertEquals(
        "S3 store failed at GET http://127.0.0.1:1/bucket (tried again 1 times): Connection refused",
        LanceErrors.message(
            new IOException(
                "Generic { store: \"S3\", source: ListRequest { source: RetryError(RetryErrorImpl {"
                    + " method: GET, uri: Some(http://127.0.0.1:1/bucket?list-type=2), retries: 1,"
                    + " max_retries: 1, inner: Http(HttpError { kind: Connect, source: ConnectError("
                    + "\"tcp connect error\", 127.0.0.1:1, Os { code: 111, message:"
                    + " \"Connection refused\" }) }) }) }, location: Location { line: 7 } }")));
    assertEquals(
        "bad thing",
        LanceErrors.message(
            new RuntimeException("bad thing, /workspace/rust/lance/src/dataset.rs:624:26")));
    assertEquals(
        "LanceError(IO): no such file",
        LanceErrors.message(
            new IOException(
                "[errno 22] CDataJniException{errno=22, message=External error: Wrapped error: "
                    + "LanceError(IO): no such file, /workspace/rust/x.rs:1:2}")));
  }

  /** AsyncScanner hangs for ever outside the system class loader. */
  @Test
  void nothingUsesTheAsyncScanner() throws IOException {
    Path sources = Path.of("src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        assertEquals(false, Files.readString(file).contains("ipc.AsyncScanner"), file.toString());
      }
    }
  }
}
