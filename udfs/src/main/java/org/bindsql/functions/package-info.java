/** The SQL functions: signatures, row forms and batch forms. */
@NullMarked
package org.bindsql.functions;

import org.jspecify.annotations.NullMarked;
