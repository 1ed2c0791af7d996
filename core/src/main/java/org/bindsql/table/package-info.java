/** What a source of batches offers to the planner and the operators. */
@NullMarked
package org.bindsql.table;

import org.jspecify.annotations.NullMarked;
