/**
 * Remote JDBC: an Avatica server over HTTP and protobuf in front of the in-process driver.
 *
 * <p>A request passes {@link RemoteEndpoint} (size, origin), {@link RemoteRequests} (protobuf in,
 * protobuf or a scrubbed error out) and {@link RemoteMeta} (connections, with an allow-list of the
 * properties a client may set) before it reaches the driver that an embedding program would use.
 */
@NullMarked
package org.bindsql.server;

import org.jspecify.annotations.NullMarked;
