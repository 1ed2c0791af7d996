/**
 * What a Lance table is defined as: columns, options and comments, as its schema and configuration
 * keep them.
 */
@NullMarked
package org.bindsql.lance.definition;

import org.jspecify.annotations.NullMarked;
