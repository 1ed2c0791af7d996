/**
 * What Calcite leaves open about SQL: conformance, types, operators, literals, options of
 * statements, and places in their text.
 */
@NullMarked
package org.bindsql.engine.dialect;

import org.jspecify.annotations.NullMarked;
