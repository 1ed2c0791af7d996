package org.bindsql.demo;

import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what a class file says to those who program against it. */
final class ClassReader {
  private static final int VISIBLE = ClassFile.ACC_PUBLIC | ClassFile.ACC_PROTECTED;

  private ClassReader() {}

  /** The type in a class file, or null if it is not public or protected, or made by a compiler. */
  static @Nullable ApiType read(String module, byte[] bytes) {
    ClassModel model =
        ClassFile.of(
                ClassFile.DebugElementsOption.DROP_DEBUG,
                ClassFile.LineNumbersOption.DROP_LINE_NUMBERS)
            .parse(bytes);
    String binaryName = model.thisClass().asInternalName();
    int slash = binaryName.lastIndexOf('/');
    if (slash < 0 || model.flags().has(AccessFlag.SYNTHETIC) || !isVisible(model)) {
      return null;
    }
    String className = className(model, binaryName.substring(slash + 1));
    if (className == null) {
      return null;
    }
    Set<String> references = new TreeSet<>();
    String superclass = model.superclass().map(ClassEntry::asInternalName).orElse(null);
    List<String> interfaces = model.interfaces().stream().map(ClassEntry::asInternalName).toList();
    if (superclass != null) {
      references.add(superclass);
    }
    references.addAll(interfaces);
    String simpleName = className.substring(className.lastIndexOf('.') + 1);
    List<ApiMember> members = members(model, simpleName, references);
    references.remove(binaryName);
    return new ApiType(
        module,
        binaryName.substring(0, slash).replace('/', '.'),
        className,
        binaryName,
        form(model),
        model.flags().has(AccessFlag.ABSTRACT),
        isDeprecated(model),
        superclass,
        interfaces,
        references,
        members);
  }

  /** Whether the type can be named outside its package; a nested type's own flags say so. */
  private static boolean isVisible(ClassModel model) {
    for (InnerClassInfo info : innerClasses(model)) {
      if (info.innerClass().asInternalName().equals(model.thisClass().asInternalName())) {
        return (info.flagsMask() & VISIBLE) != 0;
      }
    }
    return (model.flags().flagsMask() & VISIBLE) != 0;
  }

  private static List<InnerClassInfo> innerClasses(ClassModel model) {
    return model
        .findAttribute(Attributes.innerClasses())
        .map(attribute -> attribute.classes())
        .orElse(List.of());
  }

  /** The name with dots for nesting, or null if a type around it cannot be named. */
  private static @Nullable String className(ClassModel model, String name) {
    if (!name.contains("$")) {
      return name;
    }
    String text = name;
    String current = model.thisClass().asInternalName();
    for (boolean found = true; found; ) {
      found = false;
      for (InnerClassInfo info : innerClasses(model)) {
        if (info.innerClass().asInternalName().equals(current)) {
          Optional<ClassEntry> outer = info.outerClass();
          if (outer.isEmpty() || (info.flagsMask() & VISIBLE) == 0) {
            return null; // local, anonymous, or inside something private
          }
          current = outer.get().asInternalName();
          int at = current.length() - current.lastIndexOf('/') - 1;
          text = text.substring(0, at) + "." + text.substring(at + 1);
          found = true;
          break;
        }
      }
    }
    return text;
  }

  private static ApiType.Form form(ClassModel model) {
    if (model.flags().has(AccessFlag.ANNOTATION)) {
      return ApiType.Form.ANNOTATION;
    } else if (model.flags().has(AccessFlag.INTERFACE)) {
      return ApiType.Form.INTERFACE;
    } else if (model.flags().has(AccessFlag.ENUM)) {
      return ApiType.Form.ENUM;
    } else if (model.findAttribute(Attributes.record()).isPresent()) {
      return ApiType.Form.RECORD;
    }
    return ApiType.Form.CLASS;
  }

  private static List<ApiMember> members(
      ClassModel model, String simpleName, Set<String> references) {
    List<ApiMember> members = new ArrayList<>();
    for (FieldModel field : model.fields()) {
      if (isApi(field.flags().flagsMask())) {
        ClassDesc type = field.fieldTypeSymbol();
        refer(type, references);
        members.add(
            new ApiMember(
                ApiMember.Kind.FIELD,
                field.fieldName().stringValue(),
                modifiers(field.flags().flagsMask(), Modifier.fieldModifiers()),
                simpleName(type),
                List.of(),
                List.of(),
                isDeprecated(field)));
      }
    }
    for (MethodModel method : model.methods()) {
      if (isApi(method.flags().flagsMask()) && !method.methodName().equalsString("<clinit>")) {
        members.add(method(method, simpleName, references));
      }
    }
    return members;
  }

  private static ApiMember method(MethodModel method, String simpleName, Set<String> references) {
    MethodTypeDesc type = method.methodTypeSymbol();
    boolean constructor = method.methodName().equalsString("<init>");
    refer(type.returnType(), references);
    type.parameterList().forEach(parameter -> refer(parameter, references));
    List<String> exceptions =
        method
            .findAttribute(Attributes.exceptions())
            .map(attribute -> attribute.exceptions().stream().map(ClassEntry::asInternalName))
            .orElse(Stream.empty())
            .toList();
    references.addAll(exceptions);
    return new ApiMember(
        constructor ? ApiMember.Kind.CONSTRUCTOR : ApiMember.Kind.METHOD,
        constructor ? simpleName : method.methodName().stringValue(),
        modifiers(
            method.flags().flagsMask(),
            constructor ? Modifier.constructorModifiers() : Modifier.methodModifiers()),
        constructor ? "" : simpleName(type.returnType()),
        type.parameterList().stream().map(ClassReader::simpleName).toList(),
        exceptions.stream().map(ClassReader::simpleName).toList(),
        isDeprecated(method));
  }

  private static boolean isApi(int flags) {
    return (flags & VISIBLE) != 0 && (flags & ClassFile.ACC_SYNTHETIC) == 0;
  }

  /** Modifiers that matter to callers. */
  private static String modifiers(int flags, int allowed) {
    int hidden = Modifier.SYNCHRONIZED | Modifier.NATIVE | Modifier.TRANSIENT | Modifier.VOLATILE;
    return Modifier.toString(flags & allowed & ~hidden);
  }

  private static boolean isDeprecated(AttributedElement element) {
    return element.findAttribute(Attributes.deprecated()).isPresent();
  }

  private static void refer(ClassDesc type, Set<String> references) {
    ClassDesc element = type;
    while (element.isArray()) {
      element = element.componentType();
    }
    if (!element.isPrimitive()) {
      String descriptor = element.descriptorString();
      references.add(descriptor.substring(1, descriptor.length() - 1));
    }
  }

  /** The simple name of a type, without the classes around it. */
  private static String simpleName(ClassDesc type) {
    if (type.isArray()) {
      return simpleName(type.componentType()) + "[]";
    }
    return type.isPrimitive() ? type.displayName() : simpleName(type.displayName());
  }

  /** What stands behind the last slash, dot or dollar sign. */
  static String simpleName(String internalName) {
    int at = Math.max(internalName.lastIndexOf('/'), internalName.lastIndexOf('$'));
    return internalName.substring(Math.max(at, internalName.lastIndexOf('.')) + 1);
  }
}
