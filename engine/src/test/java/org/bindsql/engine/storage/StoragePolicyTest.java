package org.bindsql.engine.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.dataset.Location;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a policy lets through, and above all what it does not. */
class StoragePolicyTest {
  @TempDir Path folder;
  private Path root;
  private Path outside;

  @BeforeEach
  void makeFolders() throws IOException {
    folder = folder.toRealPath();
    root = Files.createDirectories(folder.resolve("root"));
    outside = Files.createDirectories(folder.resolve("outside"));
    Files.createDirectories(folder.resolve("root2"));
    Files.createDirectories(root.resolve("sub/t.lance/_versions"));
    Files.writeString(root.resolve("sub/data.csv"), "a\n1\n");
    Files.writeString(outside.resolve("secret.csv"), "a\n1\n");
    Files.createSymbolicLink(root.resolve("link"), outside);
    Files.createSymbolicLink(root.resolve("file-link"), outside.resolve("secret.csv"));
    Files.createSymbolicLink(root.resolve("dangling"), outside.resolve("not-there.csv"));
    Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
    Files.createSymbolicLink(root.resolve("circle"), root.resolve("circle"));
    Files.createSymbolicLink(root.resolve("hop"), root.resolve("link"));
    Files.createSymbolicLink(root.resolve("inside"), root.resolve("sub"));
  }

  private StoragePolicy confined() {
    return StoragePolicy.confinedTo(root.toString());
  }

  private List<String> hostilePaths() {
    String abs = outside.toString();
    List<String> paths =
        new ArrayList<>(
            List.of(
                "",
                " ",
                "..",
                "../",
                "../outside/secret.csv",
                "../root2/x.csv",
                "../root",
                "sub/../../outside/secret.csv",
                "sub/..",
                "./../outside/secret.csv",
                "sub/./../../x.csv",
                "./..",
                "sub//../../x",
                "a/b/c/../../../../outside/x",
                "not-there/../../outside/x.csv",
                "...//../x",
                "..;/x/../..",
                "link/secret.csv",
                "link",
                "link/new.csv",
                "link/a/b/new.csv",
                "file-link",
                "dangling",
                "dangling/x",
                "up/outside/secret.csv",
                "up/root2/x",
                "circle",
                "circle/x",
                "hop/secret.csv",
                "inside/../link/x",
                "/",
                "/etc/passwd",
                "/etc",
                "/proc/self/environ",
                "/dev/null",
                "/dev/zero",
                "/tmp",
                "//etc/passwd",
                "//host/share/x.csv",
                "///etc/passwd",
                "/./etc/passwd",
                abs,
                abs + "/secret.csv",
                root + "2/x.csv",
                root + "/../outside/secret.csv",
                root + "/link/secret.csv",
                "/proc/self/root" + abs + "/secret.csv",
                "\\\\host\\share\\x.csv",
                "..\\outside\\secret.csv",
                "sub\\..\\..\\x",
                "C:\\Windows\\win.ini",
                "%2e%2e/outside/secret.csv",
                "%2E%2E%2Foutside",
                "sub/%2e%2e/%2e%2e/x",
                "%252e%252e/x",
                "x%00.csv",
                "%5c%5chost",
                "x\u0000.csv",
                "x\u0000/../../etc/passwd",
                "x\n.csv",
                "x\r\n",
                "sub/\u007f",
                "\u0085x"));
    paths.addAll(
        List.of(
            "file:///etc/passwd",
            "file:/etc/passwd",
            "FILE:///etc/passwd",
            "file:passwd",
            "file://localhost/etc/passwd",
            "file://host/share/x.csv",
            "file:////host/share",
            "file:///" + abs + "/secret.csv",
            "file://" + root + "/../outside/secret.csv",
            "file://" + root + "/%2e%2e/outside/secret.csv",
            "file://" + root + "/link/secret.csv",
            "file://" + root + "/x%00.csv",
            "file:///etc/passwd?x=1",
            "file:///etc/passwd#x",
            "file:\\\\host\\share"));
    return paths;
  }

  private static final List<String> HOSTILE_URLS =
      List.of(
          "http://169.254.169.254/latest/meta-data/",
          "https://example.com/x.csv",
          "http://localhost:8080/x",
          "http://[::1]/x",
          "ftp://host/x",
          "hdfs://host/x",
          "s3://bucket/x",
          "S3://bucket/x",
          "s3://169.254.169.254/x",
          "s3a://bucket/x",
          "s3+ddb://bucket/x?ddbTableName=t",
          "gs://bucket/x",
          "az://container/x",
          "abfss://c@account.dfs.core.windows.net/x",
          "oss://bucket/x",
          "cos://bucket/x",
          "hf://datasets/org/x",
          "memory://x",
          "shared-memory://x",
          "file+uring:///etc/passwd",
          "file-object-store:///etc/passwd",
          "jar:file:/x.jar!/y",
          "jdbc:duckdb:/etc/passwd",
          "ldap://host/x",
          "s3://user:pw@bucket/x",
          "data://text/plain,x",
          "jrt:/java.base");

  @Test
  void everyHostilePathIsRefused() throws IOException {
    List<String> before = tree();
    StoragePolicy policy = confined();
    List<String> paths = hostilePaths();
    assertTrue(paths.size() >= 75, () -> "paths: " + paths.size());
    for (String path : paths) {
      assertRefused(path, () -> policy.fileToRead(path));
      assertRefused(path, () -> policy.fileToWrite(path));
      assertRefused(path, () -> read(policy, path));
      assertRefused(path, () -> write(policy, path));
    }
    assertEquals(before, tree());
  }

  @Test
  void everyHostileUrlIsRefused() throws IOException {
    List<String> before = tree();
    StoragePolicy policy = confined();
    for (String url : HOSTILE_URLS) {
      assertRefused(url, () -> read(policy, url));
      assertRefused(url, () -> write(policy, url));
      assertRefused(url, () -> policy.fileToRead(url));
      assertRefused(url, () -> policy.fileToWrite(url));
    }
    assertEquals(before, tree());
  }

  @Test
  void filesBelowTheRootAreAllowed() {
    StoragePolicy policy = confined();
    Path data = root.resolve("sub/data.csv");
    assertEquals(data, policy.fileToRead("sub/data.csv"));
    assertEquals(data, policy.fileToRead(data.toString()));
    assertEquals(data, policy.fileToRead("file://" + data));
    assertEquals(data, policy.fileToRead("inside/data.csv"));
    assertEquals(root.resolve("a/b/new.csv"), policy.fileToWrite("a/b/new.csv"));
    assertEquals(root.resolve("..a..csv"), policy.fileToWrite("..a..csv"));
    assertEquals(Location.of(root.resolve("sub")), read(policy, "sub"));
    assertEquals(root, policy.fileToRead("."));
  }

  @Test
  void filesInsideADatasetAreNotWritten() {
    for (StoragePolicy policy : List.of(confined(), StoragePolicy.unrestricted())) {
      String manifest = root.resolve("sub/t.lance/_versions/1.manifest").toString();
      assertRefused(manifest, () -> policy.fileToWrite(manifest));
    }
  }

  @Test
  void aReadOnlyPolicyRefusesWriting() {
    StoragePolicy policy =
        new StoragePolicy(List.of(root), List.of("s3"), List.of(), List.of(), true);
    assertRefused("x.csv", () -> policy.fileToWrite("x.csv"));
    assertRefused("s3", () -> write(policy, "s3://bucket/x"));
    assertEquals(root.resolve("x.csv"), policy.fileToRead("x.csv"));
  }

  @Test
  void noLocalFilesWithoutRoots() {
    StoragePolicy policy = StoragePolicy.confinedTo("s3://bucket/db");
    assertRefused("x", () -> policy.fileToRead("x"));
    assertRefused("/", () -> policy.fileToRead("/"));
  }

  @Test
  void storesAreAllowedByPrefixAtSegmentEnds() {
    StoragePolicy policy = StoragePolicy.confinedTo("s3://b/pre");
    assertEquals("s3://b/pre/t", read(policy, "s3://b/pre/t/").uri());
    assertEquals("s3://b/pre", read(policy, "S3://b/pre").uri());
    for (String uri :
        List.of(
            "s3://b",
            "s3://b/",
            "s3://b/prefix",
            "s3://b/pre/../x",
            "s3://b/pre/./x",
            "s3://b/pre//x",
            "s3://b2/pre",
            "s3://b/pre%2f..%2fx",
            "s3://b/pre/%2e%2e/x",
            "s3://b/pre/..",
            "s3://b/pre\\..\\x",
            "s3://b/pre?x",
            "s3://b/pre#x",
            "s3://b@evil/pre",
            "s3://b:80/pre",
            "s3:///pre",
            "s3:/b/pre",
            "gs://b/pre",
            "s3://b/pre/" + "x".repeat(2000),
            "s3://b/pre/\n")) {
      assertRefused(uri, () -> read(policy, uri));
    }
  }

  @Test
  void aSchemeThatNobodyKnowsIsNotSupported() {
    BindSqlException e =
        assertThrows(
            BindSqlException.class, () -> read(StoragePolicy.unrestricted(), "http://host/x"));
    assertEquals(ErrorCode.NOT_SUPPORTED, e.code());
    assertTrue(String.valueOf(e.getMessage()).contains("s3+ddb"), e.getMessage());
  }

  private static final List<String> PRIVATE =
      List.of(
          "http://127.0.0.1:9000",
          "http://localhost",
          "http://127.1",
          "http://2130706433",
          "http://[::1]:9000",
          "http://[::ffff:127.0.0.1]",
          "http://[64:ff9b::7f00:1]",
          "http://10.0.0.1",
          "http://172.16.0.1",
          "http://192.168.1.1",
          "http://169.254.169.254",
          "http://[fe80::1]",
          "http://[fc00::1]",
          "http://100.64.0.1",
          "http://0.0.0.0",
          "http://224.0.0.1",
          "http://255.255.255.255",
          "http://localhost.",
          "http://0x7f000001");

  @Test
  void endpointsAreAllowedByHost() {
    for (String endpoint : PRIVATE) {
      assertRefused(endpoint, () -> endpoint("public", endpoint));
      assertRefused(endpoint, () -> endpoint("s3.example.com", endpoint));
    }
    endpoint("*", "http://localhost:9000");
    endpoint("*", "http://[::1]:9000");
    endpoint("public", "https://1.1.1.1");
    endpoint("127.0.0.1:9000", "http://127.0.0.1:9000");
    endpoint("127.0.0.1", "http://127.0.0.1:9000");
    assertRefused("port", () -> endpoint("127.0.0.1:9000", "http://127.0.0.1:22"));
    for (String odd :
        List.of(
            "ftp://1.1.1.1",
            "http://u:p@1.1.1.1",
            "http://1.1.1.1/?x",
            "http:///x",
            "gopher://x",
            "http://1.1.1.1#@127.0.0.1",
            "file:///etc/passwd",
            "http://a b",
            "1.1.1.1")) {
      assertRefused(odd, () -> endpoint("*", odd));
    }
  }

  private static void endpoint(String allowed, String endpoint) {
    new StoragePolicy(List.of(), List.of("s3"), List.of(allowed), List.of("*"), false)
        .checkOptions(Map.of("aws_endpoint", endpoint));
  }

  @Test
  void optionsFromSqlAreAllowedByName() {
    StoragePolicy policy =
        new StoragePolicy(List.of(), List.of("s3"), List.of(), List.of("aws_region"), false);
    policy.checkOptions(Map.of("aws_region", "eu-central-1"));
    assertRefused("key", () -> policy.checkOptions(Map.of("aws_access_key_id", "x")));
    assertRefused("any", () -> confined().checkOptions(Map.of("aws_region", "x")));
    assertRefused(
        "file", () -> allOptions().checkOptions(Map.of("google_service_account", "/etc/passwd")));
  }

  private StoragePolicy allOptions() {
    return new StoragePolicy(List.of(root), List.of("gs"), List.of(), List.of("*"), false);
  }

  @Test
  void partsOfHostNamesCannotEndThem() {
    for (String region : List.of("x.evil.com/#", "evil.com:80/?", "a@evil.com", "../x", "")) {
      BindSqlException e =
          assertThrows(
              BindSqlException.class,
              () -> StorageOptions.complete(StorageOptions.S3.normalize(Map.of("region", region))));
      assertEquals(ErrorCode.BAD_ARGUMENT, e.code());
    }
  }

  @Test
  void aPolicySurvivesItsProperties() {
    StoragePolicy policy =
        new StoragePolicy(
            List.of(root, outside),
            List.of("s3://b/p", "gs"),
            List.of("public"),
            List.of("aws_region"),
            true);
    assertEquals(policy, StoragePolicy.of(policy.toProperties(), StoragePolicy.unrestricted()));
    StoragePolicy nothing = confined();
    assertEquals(nothing, StoragePolicy.of(nothing.toProperties(), StoragePolicy.unrestricted()));
  }

  @Test
  void aRefusalDoesNotShowCredentials() {
    BindSqlException e =
        assertThrows(
            BindSqlException.class, () -> read(confined(), "s3://user:CANARY@bucket/x?sig=CANARY"));
    assertFalse(String.valueOf(e.getMessage()).contains("CANARY"), e.getMessage());
  }

  private static Location read(StoragePolicy policy, String text) {
    return policy.locate(text, Map.of(), new Secrets(), false);
  }

  private static Location write(StoragePolicy policy, String text) {
    return policy.locate(text, Map.of(), new Secrets(), true);
  }

  private static void assertRefused(String what, Executable action) {
    BindSqlException e = assertThrows(BindSqlException.class, action, () -> "allowed: " + what);
    assertEquals(ErrorCode.NOT_ALLOWED, e.code(), () -> what + ": " + e.getMessage());
  }

  /** Every file with its size and time of change. */
  private List<String> tree() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .sorted()
          .map(file -> {
            try {
              return file
                  + " "
                  + Files.readAttributes(
                      file, "size,lastModifiedTime", java.nio.file.LinkOption.NOFOLLOW_LINKS);
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          })
          .toList();
    }
  }
}
