@NullMarked
package org.bindsql.schema;

import org.jspecify.annotations.NullMarked;
