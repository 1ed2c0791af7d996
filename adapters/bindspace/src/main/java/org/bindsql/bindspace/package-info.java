/** BindSpace: 65,536 addressable records in memory, their tree and edges, as tables. */
@NullMarked
package org.bindsql.bindspace;

import org.jspecify.annotations.NullMarked;
