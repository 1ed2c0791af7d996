/** Tests of the Hamming kernels. */
@NullMarked
package org.bindsql.kernel;

import org.jspecify.annotations.NullMarked;
