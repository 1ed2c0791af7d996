/**
 * Open datasets: where they lie, their manifests and files, the versions that are open and who
 * holds them, and the columns that a version has for SQL.
 */
@NullMarked
package org.bindsql.lance.dataset;

import org.jspecify.annotations.NullMarked;
