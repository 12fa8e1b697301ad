package io.funkhaus.web.startup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Asks before the long part of the start whether the service will be able to listen. */
public final class Ports {
  private Ports() {}

  /**
   * Tries the port for a moment.
   *
   * @param setting that names the port
   * @throws StartupFailure when another program has it, or this user may not have it
   */
  public static void requireFree(InetAddress address, int port, String setting) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException taken) {
      throw new StartupFailure(
          "Port "
              + port
              + " of "
              + address.getHostAddress()
              + " cannot be had ("
              + taken.getMessage()
              + "); stop the program that has it, or set "
              + setting
              + " to a free one.",
          taken);
    }
  }
}
