package org.bindsql.demo;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Row of {@code main.symbols} without its number and fingerprint.
 *
 * @param module module, such as {@code java.base}
 * @param packageName package, such as {@code java.io}
 * @param className class within the package, such as {@code InputStream} or {@code Map.Entry}
 * @param member name of the member; of the class itself for a class
 * @param kind class, constructor, method or field
 * @param signature the declaration in one line
 * @param deprecated whether it or its class is deprecated
 * @param text words that say what it is, from which the fingerprint is made
 */
record Symbol(
    String module,
    String packageName,
    String className,
    String member,
    String kind,
    String signature,
    boolean deprecated,
    String text) {

  /** The rows of a type: its own, then its members' in the order of the class file. */
  static List<Symbol> of(ApiType type) {
    List<Symbol> symbols = new ArrayList<>();
    symbols.add(
        new Symbol(
            type.module(),
            type.packageName(),
            type.className(),
            type.simpleName(),
            "class",
            declaration(type),
            type.deprecated(),
            text(type)));
    for (ApiMember member : type.members()) {
      symbols.add(
          new Symbol(
              type.module(),
              type.packageName(),
              type.className(),
              member.name(),
              member.kind().name().toLowerCase(Locale.ROOT),
              member.signature(),
              type.deprecated() || member.deprecated(),
              text(type, member)));
    }
    return symbols;
  }

  private static String declaration(ApiType type) {
    String form =
        switch (type.form()) {
          case CLASS -> type.isAbstract() ? "abstract class" : "class";
          case ANNOTATION -> "@interface";
          default -> type.form().name().toLowerCase(Locale.ROOT);
        };
    StringBuilder text = new StringBuilder(form).append(' ').append(type.className());
    boolean isInterface = type.form() == ApiType.Form.INTERFACE;
    String superclass = type.superclass();
    if (type.form() == ApiType.Form.CLASS
        && superclass != null
        && !superclass.equals("java/lang/Object")) {
      text.append(" extends ").append(ClassReader.simpleName(superclass));
    }
    if (!type.interfaces().isEmpty() && type.form() != ApiType.Form.ANNOTATION) {
      text.append(isInterface ? " extends " : " implements ");
      text.append(
          String.join(", ", type.interfaces().stream().map(ClassReader::simpleName).toList()));
    }
    return text.toString();
  }

  /** The words of a type: its name, what it is, and where it lives. */
  static String text(ApiType type) {
    List<String> words = new ArrayList<>(Words.ofName(type.className()));
    words.addAll(Words.ofName(type.packageName()));
    return String.join(" ", words);
  }

  /** The words of a member: what it does, with what, and of which class. */
  private static String text(ApiType type, ApiMember member) {
    Set<String> words = new LinkedHashSet<>();
    if (member.kind() == ApiMember.Kind.CONSTRUCTOR) {
      words.add("new");
    } else {
      words.addAll(Words.ofName(member.name()));
    }
    member.parameters().forEach(parameter -> words.addAll(Words.ofType(parameter)));
    if (!member.type().equals(type.simpleName())) {
      words.addAll(Words.ofType(member.type()));
    }
    words.addAll(Words.ofName(type.className()));
    return String.join(" ", words);
  }
}
