/** Columnar batches over Arrow memory, and which of their rows are active. */
@NullMarked
package org.bindsql.vector;

import org.jspecify.annotations.NullMarked;
