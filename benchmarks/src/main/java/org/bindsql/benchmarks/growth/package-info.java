/** How the time of a search grows with rows, width and k. */
@NullMarked
package org.bindsql.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
