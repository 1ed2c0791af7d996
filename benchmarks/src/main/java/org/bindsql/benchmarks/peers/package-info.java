/** The same searches by BindSQL and by other programs, on the same files. */
@NullMarked
package org.bindsql.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
