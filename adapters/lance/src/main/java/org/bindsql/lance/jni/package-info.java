/**
 * The native library: loading it, its failures in our terms, and the threads that its calls need.
 */
@NullMarked
package org.bindsql.lance.jni;

import org.jspecify.annotations.NullMarked;
