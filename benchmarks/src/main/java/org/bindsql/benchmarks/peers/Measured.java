package org.bindsql.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The lines of one peer on one data set, as {@link RunPeers} keeps them. */
record Measured(String set, String peer, List<String[]> lines) {
  /** A case's times in milliseconds per query. */
  record Times(double median, double p95, double recall, int calls) {}

  /** All that is there, by data set in the order of the tables, then by peer. */
  static List<Measured> read(Path results, Scope scope) throws IOException {
    List<Measured> all = new ArrayList<>();
    for (int rows : scope.sizes) {
      for (String kind : RunPeers.KINDS) {
        for (String peer : RunPeers.PEERS) {
          Path file = results.resolve(kind + "-" + rows).resolve(peer + ".tsv");
          if (Files.exists(file)) {
            all.add(
                new Measured(
                    kind + "-" + rows,
                    peer,
                    Files.readAllLines(file).stream().map(line -> line.split("\t", -1)).toList()));
          }
        }
      }
    }
    return all;
  }

  /** Field of the first line that begins so, or an empty text. */
  String text(int field, String... begin) {
    for (String[] line : lines) {
      if (line.length > field && beginsWith(line, begin)) {
        return line[field];
      }
    }
    return "";
  }

  /** The same as a number. */
  OptionalDouble number(int field, String... begin) {
    String text = text(field, begin);
    return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
  }

  /** Largest number of all lines that begin so; 0 if there is none. */
  double largest(int field, String... begin) {
    return lines.stream()
        .filter(line -> line.length > field && beginsWith(line, begin))
        .mapToDouble(line -> Double.parseDouble(line[field]))
        .max()
        .orElse(0);
  }

  private static boolean beginsWith(String[] line, String... begin) {
    for (int i = 0; i < begin.length; i++) {
      if (!line[i].equals(begin[i])) {
        return false;
      }
    }
    return true;
  }

  /** All modes that were tried, in their order. */
  List<String> modes() {
    return lines.stream()
        .filter(line -> line.length > 2 && (line[0].equals("case") || line[0].equals("failed")))
        .map(line -> line[1])
        .distinct()
        .toList();
  }

  /** Times of a case, or null if it was not measured. */
  @org.jspecify.annotations.Nullable
  Times times(String mode, int threads, DataSet.Kind kind, int filter, int queries) {
    String[] begin = {"case", mode, "" + threads, kind.text(), "" + filter, "" + queries};
    OptionalDouble median = number(6, begin);
    return median.isEmpty()
        ? null
        : new Times(
            median.getAsDouble(),
            number(7, begin).orElseThrow(),
            number(8, begin).orElseThrow(),
            (int) number(9, begin).orElseThrow());
  }
}
