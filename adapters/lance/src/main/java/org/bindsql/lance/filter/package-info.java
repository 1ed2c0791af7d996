/**
 * Predicates in the text of Lance's filters, from typed expressions, and the indexes that a filter
 * uses.
 */
@NullMarked
package org.bindsql.lance.filter;

import org.jspecify.annotations.NullMarked;
