/** Measurements of the kernels and of the cascade, beside a scan in C on the same memory. */
@NullMarked
package org.bindsql.benchmarks;

import org.jspecify.annotations.NullMarked;
