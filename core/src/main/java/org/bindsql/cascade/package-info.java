/** The HDR cascade: exact top-k and range search by Hamming distance. */
@NullMarked
package org.bindsql.cascade;

import org.jspecify.annotations.NullMarked;
