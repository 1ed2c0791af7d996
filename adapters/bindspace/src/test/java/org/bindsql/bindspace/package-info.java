@NullMarked
package org.bindsql.bindspace;

import org.jspecify.annotations.NullMarked;
