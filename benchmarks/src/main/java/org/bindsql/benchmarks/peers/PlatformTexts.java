package org.bindsql.benchmarks.peers;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.constant.MethodTypeDesc;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Texts that every JDK brings along: the members of all its classes with their signatures, then the
 * strings in its classes, then which class uses which member; as many as there are, each once.
 */
final class PlatformTexts {
  private final Set<String> members = new LinkedHashSet<>();
  private final Set<String> strings = new LinkedHashSet<>();
  private final Set<String> uses = new LinkedHashSet<>();

  private PlatformTexts() {}

  /** Up to so many texts in the order of modules and classes. */
  static List<String> read(int most) throws IOException {
    PlatformTexts texts = new PlatformTexts();
    FileSystem image = FileSystems.getFileSystem(URI.create("jrt:/"));
    try (Stream<Path> files = Files.walk(image.getPath("modules"))) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class")).sorted()::iterator) {
        texts.add(ClassFile.of().parse(Files.readAllBytes(file)));
      }
    }
    texts.strings.removeAll(texts.members);
    return Stream.of(texts.members, texts.strings, texts.uses)
        .flatMap(Set::stream)
        .limit(most)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private void add(ClassModel type) {
    String name = type.thisClass().asInternalName().replace('/', '.');
    for (MethodModel method : type.methods()) {
      members.add(signature(name, method.methodName().stringValue(), method.methodTypeSymbol()));
    }
    for (FieldModel field : type.fields()) {
      members.add(
          field.fieldTypeSymbol().displayName()
              + " "
              + name
              + "."
              + field.fieldName().stringValue());
    }
    for (PoolEntry entry : type.constantPool()) {
      switch (entry) {
        case StringEntry string when string.stringValue().length() >= 4 ->
            strings.add(string.stringValue());
        case MemberRefEntry member ->
            uses.add(
                name
                    + " uses "
                    + member.owner().asInternalName().replace('/', '.')
                    + "."
                    + member.name().stringValue());
        default -> {}
      }
    }
  }

  /** Such as {@code Object java.util.ArrayList.set(int, Object)}. */
  private static String signature(String type, String method, MethodTypeDesc descriptor) {
    return descriptor.returnType().displayName()
        + " "
        + type
        + "."
        + method
        + descriptor.parameterList().stream()
            .map(parameter -> parameter.displayName())
            .collect(Collectors.joining(", ", "(", ")"));
  }
}
