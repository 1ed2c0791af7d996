/** Versions, tags and branches of a table. */
@NullMarked
package org.bindsql.lance.history;

import org.jspecify.annotations.NullMarked;
