/** The command line: options, statements from text and files, result formats, sqlline branded. */
@NullMarked
package org.bindsql.shell;

import org.jspecify.annotations.NullMarked;
