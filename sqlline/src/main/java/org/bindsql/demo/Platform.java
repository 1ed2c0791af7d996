package org.bindsql.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The public API of the running JDK, read from its image. */
final class Platform {
  /** Whose version the demonstration database holds. */
  static String version() {
    return Runtime.version().toString();
  }

  private Platform() {}

  private record ClassPath(String module, Path path) {}

  /** Types of the exported packages of all {@code java.*} modules, by module and name. */
  static List<ApiType> types() {
    return types(descriptor -> descriptor.name().startsWith("java."), packageName -> true);
  }

  /** Types of the exported packages of java.base, by name. */
  static List<ApiType> baseTypes() {
    return types(descriptor -> descriptor.name().equals("java.base"), packageName -> true);
  }

  /** Types of the given packages, if exported to everyone, of the given modules. */
  static List<ApiType> types(Predicate<ModuleDescriptor> modules, Predicate<String> packages) {
    FileSystem image = FileSystems.getFileSystem(URI.create("jrt:/"));
    List<ClassPath> files = new ArrayList<>();
    for (ModuleReference reference : ModuleFinder.ofSystem().findAll()) {
      ModuleDescriptor descriptor = reference.descriptor();
      if (!modules.test(descriptor)) {
        continue;
      }
      for (ModuleDescriptor.Exports exports : descriptor.exports()) {
        if (!exports.isQualified() && packages.test(exports.source())) {
          Path folder =
              image.getPath("modules", descriptor.name(), exports.source().replace('.', '/'));
          files.addAll(classes(descriptor.name(), folder));
        }
      }
    }
    List<ApiType> types =
        files.parallelStream()
            .map(file -> ClassReader.read(file.module(), bytes(file.path())))
            .filter(Objects::nonNull)
            .sorted(Comparator.comparing(ApiType::module).thenComparing(ApiType::binaryName))
            .toList();
    return visible(types);
  }

  private static List<ClassPath> classes(String module, Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .map(file -> new ClassPath(module, file))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves out types nested in one that is not visible; the others inherit its deprecation. */
  private static List<ApiType> visible(List<ApiType> types) {
    Map<String, ApiType> byName = new HashMap<>();
    types.forEach(type -> byName.put(type.packageName() + "." + type.className(), type));
    List<ApiType> visible = new ArrayList<>();
    for (ApiType type : types) {
      boolean reachable = true;
      boolean deprecated = type.deprecated();
      String name = type.className();
      for (int dot = name.lastIndexOf('.'); dot > 0 && reachable; dot = name.lastIndexOf('.')) {
        name = name.substring(0, dot);
        ApiType outer = byName.get(type.packageName() + "." + name);
        reachable = outer != null;
        deprecated |= outer != null && outer.deprecated();
      }
      if (reachable) {
        visible.add(deprecated == type.deprecated() ? type : type.asDeprecated());
      }
    }
    return List.copyOf(visible);
  }
}
