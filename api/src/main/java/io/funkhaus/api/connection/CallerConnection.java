package io.funkhaus.api.connection;

import jakarta.servlet.ServletRequest;
import java.net.InetAddress;

/**
 * The TCP connection a request came on: of the socket, not of whom a proxy speaks for.
 *
 * @param remote the other end's address
 */
public record CallerConnection(int localPort, InetAddress remote, int remotePort) {

  public static CallerConnection of(ServletRequest request) {
    return new CallerConnection(
        request.getLocalPort(),
        InetAddress.ofLiteral(request.getRemoteAddr()),
        request.getRemotePort());
  }
}
