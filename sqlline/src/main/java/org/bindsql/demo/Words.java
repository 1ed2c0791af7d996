package org.bindsql.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words of Java names and types, in lower case, as people would write them in a sentence. */
final class Words {
  private Words() {}

  /**
   * The words of a name in camel case or with underscores: {@code readNBytes} gives read, n, bytes;
   * {@code URLConnection} gives url, connection; {@code MAX_VALUE} gives max, value.
   */
  static List<String> ofName(String name) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!Character.isLetterOrDigit(c)) {
        flush(word, words);
        continue;
      }
      if (!word.isEmpty() && beginsWord(name, i)) {
        flush(word, words);
      }
      word.append(c);
    }
    flush(word, words);
    return words;
  }

  /** Whether a word begins at a position behind a letter or digit. */
  private static boolean beginsWord(String name, int i) {
    char before = name.charAt(i - 1);
    char c = name.charAt(i);
    if (Character.isDigit(c) != Character.isDigit(before)) {
      return true;
    }
    boolean upper = Character.isUpperCase(c);
    boolean followedByLower = i + 1 < name.length() && Character.isLowerCase(name.charAt(i + 1));
    return upper && (!Character.isUpperCase(before) || followedByLower);
  }

  private static void flush(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString().toLowerCase(Locale.ROOT));
      word.setLength(0);
    }
  }

  /**
   * The words of a type by its simple name: {@code InputStream} gives input, stream; an array is
   * the plural, so {@code byte[]} gives bytes; a single number, truth value or nothing at all says
   * little and gives no word.
   */
  static List<String> ofType(String simpleName) {
    boolean array = simpleName.endsWith("[]");
    String element = simpleName.replace("[]", "");
    boolean primitive = !element.isEmpty() && Character.isLowerCase(element.charAt(0));
    if (primitive && !array) {
      return List.of();
    }
    List<String> words = new ArrayList<>(ofName(element));
    if (array && !words.isEmpty()) {
      words.set(words.size() - 1, plural(words.getLast()));
    }
    return words;
  }

  private static String plural(String word) {
    return word.endsWith("s") || word.endsWith("x") || word.endsWith("ch")
        ? word + "es"
        : word + "s";
  }
}
