/**
 * What the catalog says of itself: {@code information_schema}, tables of {@code system}, SHOW
 * CREATE, and names of tables.
 */
@NullMarked
package org.bindsql.engine.catalog;

import org.jspecify.annotations.NullMarked;
