@NullMarked
package org.bindsql.functions;

import org.jspecify.annotations.NullMarked;
