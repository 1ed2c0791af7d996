/** Batch operators: readers that transform the batches of other readers. */
@NullMarked
package org.bindsql.exec;

import org.jspecify.annotations.NullMarked;
