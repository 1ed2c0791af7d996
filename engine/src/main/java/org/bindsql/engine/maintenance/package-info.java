/** OPTIMIZE and VACUUM, as statements and in the background. */
@NullMarked
package org.bindsql.engine.maintenance;

import org.jspecify.annotations.NullMarked;
