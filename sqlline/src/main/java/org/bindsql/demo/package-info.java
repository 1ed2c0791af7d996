/** The demonstration: the public API of the running JDK as a database, and a tour of it. */
@NullMarked
package org.bindsql.demo;

import org.jspecify.annotations.NullMarked;
