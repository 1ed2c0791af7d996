/** Views, as files beside the tables of a folder. */
@NullMarked
package org.bindsql.lance.view;

import org.jspecify.annotations.NullMarked;
