package org.bindsql.duel;

import java.util.Random;
import java.util.function.Predicate;

/** A condition on a row of the table that is searched, as SQL over {@code t}, and in Java. */
record Filter(String sql, Predicate<Row> test) {
  static final Filter NONE = new Filter("1 = 1", row -> true);

  static Filter random(DuelTable t, Random random) {
    String bucket = "t." + t.bucket();
    String tag = "t." + t.tag();
    String id = "t." + t.id();
    int n = random.nextInt(100);
    int least = t.isBindSpace() ? t.firstId() + n * 10 : n * 5;
    return switch (random.nextInt(12)) {
      case 0 -> new Filter(bucket + " < " + n, row -> row.bucket() < n);
      case 1 -> new Filter(tag + " = 'tag3'", row -> "tag3".equals(row.tag()));
      case 2 -> new Filter(tag + " IS NULL", row -> row.tag() == null);
      case 3 ->
          new Filter(
              "(" + tag + " = 'tag1' OR " + bucket + " > " + n + ")",
              row -> "tag1".equals(row.tag()) || row.bucket() > n);
      case 4 -> new Filter("MOD(" + bucket + ", 7) = " + n % 7, row -> row.bucket() % 7 == n % 7);
      case 5 ->
          new Filter(
              "NOT (" + tag + " IN ('tag0', 'tag2')) AND " + bucket + " <> " + n,
              row -> row.tag() != null && !row.tag().matches("tag[02]") && row.bucket() != n);
      case 6 ->
          new Filter(
              "UPPER(" + tag + ") LIKE 'TAG_' AND " + id + " BETWEEN " + least + " AND 40000",
              row -> row.tag() != null && row.id() >= least && row.id() <= 40_000);
      default -> NONE;
    };
  }
}
