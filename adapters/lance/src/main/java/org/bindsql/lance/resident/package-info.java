/** Fingerprint columns of Lance tables that stay in memory, and their sketches on disk. */
@NullMarked
package org.bindsql.lance.resident;

import org.jspecify.annotations.NullMarked;
