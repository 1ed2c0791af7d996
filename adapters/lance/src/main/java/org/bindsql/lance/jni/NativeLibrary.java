package org.bindsql.lance.jni;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.jar.JarEntry;
import org.jspecify.annotations.Nullable;
import org.lance.LanceConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lance's native library, unpacked once per user instead of once per process.
 *
 * <p>lance-core's own {@code JniLoader} unpacks 181 MB into the temporary folder in every JVM and
 * leaves them behind when the JVM is killed. Before it is first used, this class defines {@code
 * org.lance.JniLoader} itself, with an initialiser that loads the copy in {@link NativeCache}.
 * Where that cannot be done (no cache folder, class already loaded), lance-core's own loader does
 * its work. See docs/adr.
 */
public final class NativeLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

  private NativeLibrary() {}

  static {
    try {
      Path library = unpacked();
      if (library != null) {
        defineLoader(library);
      }
    } catch (IOException | IllegalAccessException | LinkageError | OverlappingFileLockException e) {
      LOG.warn("Lance's native library is unpacked for this process only: {}", e.toString());
    }
  }

  /** Makes lance-core load the cached copy; does nothing when it was called before. */
  public static void prepare() {}

  /** The cached copy, made if missing; null if this lance-core has no library to unpack. */
  private static @Nullable Path unpacked() throws IOException {
    String name = System.mapLibraryName("lance_jni");
    URL resource = LanceConstants.class.getResource("/nativelib/" + platform() + "/" + name);
    if (resource == null || !(resource.openConnection() instanceof JarURLConnection jar)) {
      return null;
    }
    JarEntry entry = jar.getJarEntry();
    return NativeCache.open().get(name, entry.getSize(), entry.getCrc(), resource::openStream);
  }

  /** Source of the library's bytes. */
  @FunctionalInterface
  interface Content {
    InputStream open() throws IOException;
  }

  private static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return (os.contains("mac") ? "darwin" : os.contains("linux") ? "linux" : os)
        + "-"
        + switch (arch) {
          case "amd64", "x86_64" -> "x86-64";
          case "arm64" -> "aarch64";
          default -> arch;
        };
  }

  /** Defines {@code org.lance.JniLoader} in lance-core's class loader. */
  private static void defineLoader(Path library) throws IllegalAccessException {
    ClassDesc loader = ClassDesc.of("org.lance.JniLoader");
    MethodTypeDesc nothing = MethodTypeDesc.of(ConstantDescs.CD_void);
    byte[] bytes =
        ClassFile.of()
            .build(
                loader,
                type ->
                    type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                        .withMethodBody(
                            ConstantDescs.CLASS_INIT_NAME,
                            nothing,
                            ClassFile.ACC_STATIC,
                            code ->
                                code.loadConstant(library.toString())
                                    .invokestatic(
                                        ClassDesc.of("java.lang.System"),
                                        "load",
                                        MethodTypeDesc.of(
                                            ConstantDescs.CD_void, ConstantDescs.CD_String))
                                    .invokestatic(loader, "initLanceLogger", nothing)
                                    .return_())
                        .withMethod(
                            "initLanceLogger",
                            nothing,
                            ClassFile.ACC_STATIC | ClassFile.ACC_NATIVE,
                            method -> {})
                        .withMethodBody(
                            "ensureLoaded",
                            nothing,
                            ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                            code -> code.return_()));
    MethodHandles.privateLookupIn(LanceConstants.class, MethodHandles.lookup()).defineClass(bytes);
  }
}
