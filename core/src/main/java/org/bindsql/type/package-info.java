/** The one mapping between Arrow fields and SQL types. */
@NullMarked
package org.bindsql.type;

import org.jspecify.annotations.NullMarked;
