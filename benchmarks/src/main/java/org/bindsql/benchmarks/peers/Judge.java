package org.bindsql.benchmarks.peers;

import java.util.Arrays;
import java.util.Locale;
import org.bindsql.benchmarks.peers.DataSet.Answers;
import org.bindsql.benchmarks.peers.DataSet.Kind;

/** Turns what a process said of a case into times and recall. */
final class Judge {
  private Judge() {}

  /**
   * {@code case} and its five fields, then milliseconds at the median and at 95 %, recall, and how
   * many calls were made.
   */
  static String judge(String line, DataSet set, Answers truth) {
    String[] fields = line.split("\t", -1);
    double[] millis =
        Arrays.stream(fields[6].split(",")).mapToDouble(Double::parseDouble).sorted().toArray();
    Kind kind = Kind.valueOf(fields[3].toUpperCase(Locale.ROOT));
    int filter = Integer.parseInt(fields[4]);
    boolean all = filter == 1000 && fields[1].startsWith(BindSqlPeer.BINDSPACE);
    int perMille = all ? DataSet.BINDSPACE : filter;
    String[] answers = fields[7].split(";", -1);
    int found = 0;
    int wanted = 0;
    for (int query = 0; query < answers.length; query++) {
      if (!answers[query].isEmpty()) {
        int[] distances = truth.of(kind, query, perMille);
        byte[] code = set.query(kind, query);
        wanted += distances.length;
        found +=
            (int)
                Arrays.stream(answers[query].split(","))
                    .mapToInt(Integer::parseInt)
                    .distinct()
                    .filter(row -> row >= 0 && row < set.rows && set.passes(row, perMille))
                    .filter(row -> set.distance(row, code) <= distances[distances.length - 1])
                    .count();
      }
    }
    return String.format(
        Locale.ROOT,
        "%s\t%.5f\t%.5f\t%.4f\t%d",
        String.join("\t", Arrays.copyOf(fields, 6)),
        millis[millis.length / 2],
        millis[Math.min(millis.length - 1, (int) (millis.length * 0.95))],
        (double) found / wanted,
        millis.length);
  }
}
