/** Tests of the HDR cascade. */
@NullMarked
package org.bindsql.cascade;

import org.jspecify.annotations.NullMarked;
