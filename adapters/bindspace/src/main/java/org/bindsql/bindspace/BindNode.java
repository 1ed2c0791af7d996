package org.bindsql.bindspace;

import org.jspecify.annotations.Nullable;

/**
 * Copy of one node.
 *
 * @param addr 0 to 65535
 * @param fingerprint 2,048 bytes
 * @param values what the node carries beside its fingerprint
 * @param parent address of the parent, or -1
 * @param firstChild address of the newest child, or -1
 * @param nextSibling address of the next older sibling, or -1
 * @param prevSibling address of the next newer sibling, or -1
 * @param depth number of ancestors, at most 255
 * @param updatedAt milliseconds since 1970 of the last change
 * @param dnPath distinguished name, or null
 */
@SuppressWarnings("ArrayRecordComponent") // a copy for the caller, never compared
public record BindNode(
    int addr,
    byte[] fingerprint,
    NodeValues values,
    int parent,
    int firstChild,
    int nextSibling,
    int prevSibling,
    int depth,
    long updatedAt,
    @Nullable String dnPath) {}
