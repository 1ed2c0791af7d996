/** Merging of fragments, removal of old versions, and repair of damaged tables. */
@NullMarked
package org.bindsql.lance.upkeep;

import org.jspecify.annotations.NullMarked;
