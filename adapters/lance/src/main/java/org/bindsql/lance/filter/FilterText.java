package org.bindsql.lance.filter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A predicate in Lance's filter language, and how much of its parser's patience it uses.
 *
 * @param text the predicate, without need of parentheses only if depth is 0
 * @param depth nesting
 * @param terms comparisons
 */
public record FilterText(String text, int depth, int terms) {
  static final FilterText NULL = new FilterText("cast(NULL as boolean)", 0, 1);

  /** A part that binds as tightly as a name or a call. */
  public static FilterText term(String text) {
    return new FilterText(text, 0, 1);
  }

  /** This predicate as an operand. */
  private String operand() {
    return "(" + text + ")";
  }

  FilterText not() {
    return new FilterText("NOT " + operand(), depth + 1, terms);
  }

  /** The same predicate in a form for which Lance asks no index. */
  FilterText wrapped() {
    return new FilterText("nullif(" + text + ", NULL)", depth + 1, terms);
  }

  /** For example {@code IS TRUE}. */
  FilterText suffix(String test) {
    return new FilterText(operand() + " " + test, depth + 1, terms);
  }

  /**
   * The parts joined by AND or OR, as a balanced tree: Lance parses a chain as deep as it is long.
   */
  public static FilterText join(String operator, List<FilterText> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    int middle = parts.size() / 2;
    FilterText left = join(operator, parts.subList(0, middle));
    FilterText right = join(operator, parts.subList(middle, parts.size()));
    return new FilterText(
        left.operand() + " " + operator + " " + right.operand(),
        1 + Math.max(left.depth, right.depth),
        left.terms + right.terms);
  }

  /** The parts joined, or null if one of them is null. */
  static @Nullable FilterText joinAll(String operator, List<@Nullable FilterText> parts) {
    List<FilterText> present = new ArrayList<>();
    for (FilterText part : parts) {
      if (part == null) {
        return null;
      }
      present.add(part);
    }
    return present.isEmpty() ? null : join(operator, present);
  }
}
