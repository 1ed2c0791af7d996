package org.bindsql.error;

import java.util.List;
import java.util.regex.Pattern;

/** Removal of credentials from texts that people read: messages, plans, logs. */
public final class Redaction {
  /** What stands for a removed value. */
  public static final String MASK = "***";

  private record Rule(Pattern pattern, String replacement) {}

  private static final String SECRET_NAME =
      "[\\w.-]*(?:secret|token|password|passwd|signature|credential|access[_-]?key|account[_-]?key"
          + "|key[_-]?id|accesskeyid|sas[_-]?key|private[_-]?key|service[_-]?account[_-]?key)[\\w.-]*";

  private static final List<Rule> RULES =
      List.of(
          // https://user:password@host
          new Rule(Pattern.compile("(?<=://)[^/@\\s'\"]*:[^/@\\s'\"]*@"), MASK + "@"),
          // <AWSAccessKeyId>..</AWSAccessKeyId>, as stores answer
          new Rule(
              Pattern.compile(
                  "(?i)<(" + SECRET_NAME + "|StringToSign\\w*|CanonicalRequest\\w*)>[^<]*"),
              "<$1>" + MASK),
          // Authorization: AWS4-HMAC-SHA256 Credential=.., Signature=..; Bearer ..
          new Rule(Pattern.compile("(?i)\\b(authorization[\"']?\\s*[:=]\\s*).*"), "$1" + MASK),
          // key=value, "key": "value", key 'value'; the value in quotes may have blanks
          new Rule(
              Pattern.compile(
                  "(?i)([\"']?\\b"
                      + SECRET_NAME
                      + "[\"']?\\s*(?:[:=]>?|\\s)\\s*)(?:Some\\()?(\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^']|'')*+')"),
              "$1'" + MASK + "'"),
          new Rule(
              Pattern.compile("(?i)(\\b" + SECRET_NAME + "[\"']?\\s*[:=]\\s*)[^\\s,;&)}\\]'\"<]+"),
              "$1" + MASK),
          // the signature of a pre-signed URL: ?sig=..&X-Amz-Signature=..
          new Rule(
              Pattern.compile("(?i)([?&](?:sig|x-amz-[\\w-]+|key|code)=)[^&\\s'\"]+"),
              "$1" + MASK));

  private static final Pattern STATEMENT =
      Pattern.compile(
          "(?i)\\bsecret\\b|\\battach\\b|(?<![\\w.])" + SECRET_NAME + "['\"]?\\s*=?\\s*'");

  private Redaction() {}

  /**
   * Whether a statement's text may hold a credential, so that no part of it should be shown, not
   * even where it does not parse.
   */
  public static boolean mayHoldSecret(String sql) {
    return STATEMENT.matcher(sql).find();
  }

  /** The text without what looks like a credential: in URLs, options, headers and answers. */
  public static String redact(String text) {
    String result = text;
    for (Rule rule : RULES) {
      result = rule.pattern().matcher(result).replaceAll(rule.replacement());
    }
    return result;
  }
}
