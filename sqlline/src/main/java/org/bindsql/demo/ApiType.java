package org.bindsql.demo;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Public or protected type of the platform.
 *
 * @param module its module
 * @param packageName its package, with dots
 * @param className its name within the package, nested ones with dots: {@code Map.Entry}
 * @param binaryName its full internal name: {@code java/util/Map$Entry}
 * @param form what it is
 * @param isAbstract whether it cannot be instantiated
 * @param deprecated whether it, or a type around it, is deprecated
 * @param superclass internal name of its superclass, or null
 * @param interfaces internal names of what it implements or extends beside that
 * @param references internal names of all types its public and protected declarations mention
 * @param members its public and protected constructors, methods and fields
 */
record ApiType(
    String module,
    String packageName,
    String className,
    String binaryName,
    Form form,
    boolean isAbstract,
    boolean deprecated,
    @Nullable String superclass,
    List<String> interfaces,
    Set<String> references,
    List<ApiMember> members) {

  /** What a type is, as its declaration says. */
  enum Form {
    CLASS,
    INTERFACE,
    ENUM,
    RECORD,
    ANNOTATION
  }

  /** The same, deprecated. */
  ApiType asDeprecated() {
    return new ApiType(
        module,
        packageName,
        className,
        binaryName,
        form,
        isAbstract,
        true,
        superclass,
        interfaces,
        references,
        members);
  }

  /** The last part of the name. */
  String simpleName() {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
