/** Error codes and the one exception that carries them to the JDBC edge. */
@NullMarked
package org.bindsql.error;

import org.jspecify.annotations.NullMarked;
