/** Hamming distance kernels over off-heap memory. */
@NullMarked
package org.bindsql.kernel;

import org.jspecify.annotations.NullMarked;
