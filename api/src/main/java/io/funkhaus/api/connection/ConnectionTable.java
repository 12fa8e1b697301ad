package io.funkhaus.api.connection;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** The kernel's list of TCP connections, {@code /proc/net/tcp} and {@code tcp6} (proc(5)). */
final class ConnectionTable {
  private static final String ESTABLISHED = "01";
  private static final int WORD = 4;

  private final Set<Integer> ports;
  private final Map<CallerConnection, Boolean> open = new HashMap<>();

  /**
   * @param ports only connections to these are kept
   */
  ConnectionTable(Set<Integer> ports) {
    this.ports = Set.copyOf(ports);
  }

  /** What is known of a connection. */
  enum State {
    OPEN,
    /** The other end has closed it, or it is being closed. */
    CLOSING,
    /** Not listed: it is gone, or was passed over because the list changed while it was read. */
    ABSENT
  }

  /** Adds one of the two lists; its first line has the names of the columns. */
  void add(BufferedReader list) throws IOException {
    list.readLine();
    for (String line = list.readLine(); line != null; line = list.readLine()) {
      String[] columns = line.strip().split("\\s+", 5);
      if (columns.length < 5) {
        continue;
      }
      int localPort = port(columns[1]);
      if (ports.contains(localPort)) {
        open.put(
            new CallerConnection(localPort, address(columns[2]), port(columns[2])),
            columns[3].equals(ESTABLISHED));
      }
    }
  }

  State state(CallerConnection connection) {
    Boolean found = open.get(connection);
    if (found == null) {
      return State.ABSENT;
    }
    return found ? State.OPEN : State.CLOSING;
  }

  private static int port(String endpoint) {
    return HexFormat.fromHexDigits(endpoint, endpoint.indexOf(':') + 1, endpoint.length());
  }

  /** Words of four bytes, each printed as this machine's number: the last byte first. */
  private static InetAddress address(String endpoint) throws UnknownHostException {
    byte[] printed = HexFormat.of().parseHex(endpoint, 0, endpoint.indexOf(':'));
    byte[] address = new byte[printed.length];
    for (int i = 0; i < printed.length; i++) {
      address[i] = printed[i - i % WORD + WORD - 1 - i % WORD];
    }
    return InetAddress.getByAddress(address);
  }
}
