package org.bindsql.shell;

import org.jspecify.annotations.Nullable;

/** Version of the product. */
final class Version {
  private Version() {}

  /** The version of the jar this class is in, or {@code dev} outside a jar. */
  static String number() {
    @Nullable String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
