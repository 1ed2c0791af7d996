/** Planner rules that move relational expressions into the ARROW convention. */
@NullMarked
package org.bindsql.rules;

import org.jspecify.annotations.NullMarked;
