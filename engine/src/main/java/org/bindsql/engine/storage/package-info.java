/**
 * Where data may lie: the policy for paths and URLs, options of object stores, secrets, ATTACH and
 * DETACH.
 */
@NullMarked
package org.bindsql.engine.storage;

import org.jspecify.annotations.NullMarked;
