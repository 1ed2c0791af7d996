package org.bindsql.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file of results: each command owns a section between two comments and replaces nothing else.
 * What is written by hand stands between the sections and stays.
 */
public final class Sections {
  private Sections() {}

  /** Puts a text in place of a section's; the section goes to the end if it is not there. */
  public static void replace(Path file, String section, String text) throws IOException {
    String begin = "<!-- begin " + section + " -->\n";
    String end = "<!-- end " + section + " -->\n";
    String whole = Files.exists(file) ? Files.readString(file) : "# Results\n\n";
    int from = whole.indexOf(begin);
    int to = whole.indexOf(end);
    String body = begin + "\n" + text.strip() + "\n\n" + end;
    Files.writeString(
        file,
        from < 0 || to < from
            ? whole.stripTrailing() + "\n\n" + body
            : whole.substring(0, from) + body + whole.substring(to + end.length()));
  }
}
