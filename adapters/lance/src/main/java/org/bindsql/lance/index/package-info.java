/** Indexes of a table: which kinds there are, and creation, removal and listing. */
@NullMarked
package org.bindsql.lance.index;

import org.jspecify.annotations.NullMarked;
