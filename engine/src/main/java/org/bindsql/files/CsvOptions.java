package org.bindsql.files;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How a CSV file is written.
 *
 * @param delimiter between fields
 * @param quote around fields that need it; doubled inside
 * @param header whether the first line has the columns' names; null to find out
 * @param nullText what stands for NULL where it is not quoted
 * @param charset of the file
 */
public record CsvOptions(
    char delimiter, char quote, @Nullable Boolean header, String nullText, Charset charset) {
  /** What a file is taken for that nothing is said about. */
  public static CsvOptions of(String path) {
    boolean tabs = path.toLowerCase(java.util.Locale.ROOT).endsWith(".tsv");
    return new CsvOptions(tabs ? '\t' : ',', '"', null, "", StandardCharsets.UTF_8);
  }
}
