package org.bindsql.duel;

import org.jspecify.annotations.Nullable;

/**
 * A row of a table that is searched.
 *
 * @param id unique in its table; the address of BindSpace
 * @param code the fingerprint, or null for NULL
 */
record Row(int id, byte @Nullable [] code, int bucket, @Nullable String tag) {}
