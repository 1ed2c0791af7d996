/** The interpreted expression tree, evaluated a batch at a time. */
@NullMarked
package org.bindsql.expr;

import org.jspecify.annotations.NullMarked;
