package org.bindsql.functions;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Features of a text and their weights.
 *
 * <p>The text is normalised (NFKC) and cut into tokens: runs of letters, digits and combining
 * marks, cut again where a lower-case letter or digit meets an upper-case one ({@code readAll}) and
 * before the last of several upper-case letters that a lower-case one follows ({@code HTTPServer});
 * tokens are lower case. A token t is the feature {@code "w:t"}; each three consecutive characters
 * of {@code ^t$} are a feature {@code "g:..."}. Stop words count little and have no trigrams. Each
 * feature counts once, however often it occurs.
 */
final class TextFeatures {
  static final int TOKEN_WEIGHT = 4;
  static final int TRIGRAM_WEIGHT = 1;
  static final int STOP_WORD_WEIGHT = 1;

  private static final Set<String> STOP_WORDS =
      Set.of(
          "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "in", "into", "is",
          "it", "its", "of", "on", "or", "that", "the", "this", "to", "with");

  private final Map<String, Integer> features = new LinkedHashMap<>();

  private TextFeatures() {}

  /** Weight of each feature, in order of first occurrence. */
  static Map<String, Integer> of(String text) {
    TextFeatures features = new TextFeatures();
    int[] characters = Normalizer.normalize(text, Normalizer.Form.NFKC).codePoints().toArray();
    int start = -1;
    for (int i = 0; i <= characters.length; i++) {
      boolean inside = i < characters.length && isWordCharacter(characters[i]);
      if (start >= 0 && (!inside || isBoundary(characters, i))) {
        features.addToken(new String(characters, start, i - start));
        start = -1;
      }
      if (inside && start < 0) {
        start = i;
      }
    }
    return features.features;
  }

  private static boolean isWordCharacter(int character) {
    return Character.isLetterOrDigit(character)
        || Character.getType(character) == Character.NON_SPACING_MARK
        || Character.getType(character) == Character.COMBINING_SPACING_MARK;
  }

  /** Whether a token ends before character {@code i}, a word character as its predecessor is. */
  private static boolean isBoundary(int[] characters, int i) {
    if (!Character.isUpperCase(characters[i])) {
      return false;
    }
    return !Character.isUpperCase(characters[i - 1])
        || (i + 1 < characters.length && Character.isLowerCase(characters[i + 1]));
  }

  private void addToken(String cased) {
    String token = cased.toLowerCase(Locale.ROOT);
    if (STOP_WORDS.contains(token)) {
      features.putIfAbsent("w:" + token, STOP_WORD_WEIGHT);
      return;
    }
    features.putIfAbsent("w:" + token, TOKEN_WEIGHT);
    int[] padded = ("^" + token + "$").codePoints().toArray();
    for (int i = 0; i + 3 <= padded.length; i++) {
      features.putIfAbsent("g:" + new String(padded, i, 3), TRIGRAM_WEIGHT);
    }
  }
}
