package org.bindsql.demo;

import java.util.List;

/**
 * Public or protected constructor, method or field of a type.
 *
 * @param kind constructor, method or field
 * @param name its name; for a constructor the simple name of its class
 * @param modifiers what stands before the type: {@code public static}
 * @param type simple name of its type or of what it returns; empty for a constructor
 * @param parameters simple names of the types of its parameters
 * @param exceptions simple names of what it declares to throw
 * @param deprecated whether it is deprecated, its class aside
 */
record ApiMember(
    Kind kind,
    String name,
    String modifiers,
    String type,
    List<String> parameters,
    List<String> exceptions,
    boolean deprecated) {

  /** What a member is. */
  enum Kind {
    CONSTRUCTOR,
    METHOD,
    FIELD
  }

  /** The declaration in one line, without names of parameters: class files have none. */
  String signature() {
    StringBuilder text = new StringBuilder(modifiers);
    text.append(modifiers.isEmpty() || type.isEmpty() ? "" : " ").append(type);
    text.append(text.isEmpty() ? "" : " ").append(name);
    if (kind != Kind.FIELD) {
      text.append('(').append(String.join(", ", parameters)).append(')');
    }
    if (!exceptions.isEmpty()) {
      text.append(" throws ").append(String.join(", ", exceptions));
    }
    return text.toString();
  }
}
