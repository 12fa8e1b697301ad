package io.funkhaus.scheduler.sandbox;

import java.nio.channels.SocketChannel;

/** The three connections of a sandbox, in the order in which its init makes them. */
record Connections(SocketChannel control, SocketChannel channel, SocketChannel log) {}
