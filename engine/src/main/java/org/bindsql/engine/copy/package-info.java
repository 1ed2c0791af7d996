/**
 * COPY, files as tables, and the loading of batches into a table; {@code org.bindsql.files} knows
 * the formats.
 */
@NullMarked
package org.bindsql.engine.copy;

import org.jspecify.annotations.NullMarked;
