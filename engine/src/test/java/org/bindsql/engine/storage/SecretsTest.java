package org.bindsql.engine.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.bindsql.error.Redaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which secret is for which place. */
class SecretsTest {
  private final Secrets secrets = new Secrets();

  private void create(String name, String scope) {
    Map<String, String> options =
        scope.isEmpty()
            ? Map.of("type", "s3", "key_id", name)
            : Map.of("type", "s3", "scope", scope, "key_id", name);
    secrets.create(name, options, StoragePolicy.unrestricted(), false);
  }

  private String found(String uri) {
    StoreUri place = StoreUri.parse(uri, StoragePolicy.unrestricted());
    return secrets.optionsFor(place).getOrDefault("aws_access_key_id", "none");
  }

  @ParameterizedTest
  @CsvSource({
    "s3://b/pre, pre", "s3://b/pre/, pre", "s3://b/pre/x, pre", "s3://b/prefix, bucket",
    "s3://b/prefix/x, bucket", "s3://b/pre-x, bucket", "s3://b, bucket", "s3://b/x, bucket",
    "s3://b/pre/deep/er, deep", "s3://b/pre/deeper, pre", "s3://bb, all", "s3://c/pre, all",
    "s3+ddb://b/pre?ddbTableName=t01, all", "gs://b/pre, none", "hf://datasets/b, none"
  })
  void theLongestScopeAtSegmentEndsIsUsed(String uri, String secret) {
    create("deep", "s3://b/pre/deep");
    create("bucket", "s3://b");
    create("all", "");
    create("pre", "s3://b/pre/");
    assertEquals(secret, found(uri));
  }

  @Test
  void theNewestOfEqualsIsUsed() {
    create("one", "s3://b");
    create("two", "S3://b/");
    assertEquals("two", found("s3://b/x"));
    assertTrue(secrets.drop("TWO"));
    assertEquals("one", found("s3://b/x"));
  }

  @Test
  void optionsOfTheStatementGoBeforeThoseOfTheSecret() {
    create("one", "");
    String shown =
        StoragePolicy.unrestricted()
            .locate("s3://b/x", Map.of("key_id", "own"), secrets, false)
            .toString();
    assertEquals("s3://b/x", shown);
    assertFalse(secrets.list().toString().contains("key_id"), secrets.list().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:CANARY@host/x",
        "aws_secret_access_key=CANARY",
        "aws_secret_access_key: \"CANARY\"",
        "{\"secret_access_key\": \"CAN\\\"ARY\", \"x\": 1}",
        "secret 'CANARY'",
        "'aws_session_token' = 'CANARY'",
        "ACCOUNT_KEY=CANARY;x",
        "<AWSAccessKeyId>CANARY</AWSAccessKeyId>",
        "<StringToSign>AWS4\nCANARY</StringToSign>",
        "https://host/x?sig=CANARY&y=1",
        "GET https://h/?X-Amz-Credential=CANARY&X-Amz-Signature=CANARY",
        "Authorization: AWS4-HMAC-SHA256 Credential=CANARY/x, Signature=CANARY",
        "\"authorization\": \"Bearer CANARY\"",
        "StorageOptions({\"aws_access_key_id\": \"CANARY\"})",
        "secret_access_key: Some(\"CANARY\")",
        "password=CANARY"
      })
  void whatLooksLikeACredentialIsRemoved(String text) {
    String shown = Redaction.redact(text);
    assertFalse(shown.contains("CANARY") || shown.contains("ARY\\"), shown);
    assertTrue(shown.contains(Redaction.MASK), shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://host/x?list-type=2&prefix=a",
        "abfss://container@account.dfs.core.windows.net/x",
        "column 'k' not found",
        "version 3",
        "s3://bucket/secret-files/t.lance"
      })
  void otherTextStays(String text) {
    assertEquals(text, Redaction.redact(text));
  }
}
