package org.bindsql.engine.storage;

import org.apache.calcite.schema.Schema;

/**
 * A schema that a session has beside those of its database.
 *
 * @param name as the statement wrote it
 * @param kind what it is: {@code lance} or {@code jdbc}
 * @param place path or URI, without credentials
 * @param readOnly whether its tables may only be read
 * @param schema the tables
 */
public record Attachment(String name, String kind, String place, boolean readOnly, Schema schema) {}
