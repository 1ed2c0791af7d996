/** The ARROW calling convention: physical relational expressions over batch operators. */
@NullMarked
package org.bindsql.rel;

import org.jspecify.annotations.NullMarked;
