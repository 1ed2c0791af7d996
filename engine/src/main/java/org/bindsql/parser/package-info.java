/** The SQL parser, generated from Calcite's grammar with our statements added, and their nodes. */
@NullMarked
package org.bindsql.parser;

import org.jspecify.annotations.NullMarked;
