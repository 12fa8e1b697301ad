package io.funkhaus.web.account;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where a request comes from, as far as throttles tell senders apart: an IPv4 address, or the first
 * 64 bits of an IPv6 address, because one sender has all the rest.
 */
public record ClientAddress(String value) {

  private static final int IPV6_GROUPS = 8;
  private static final int NETWORK_GROUPS = 4;

  /** The sender of a request. */
  public static ClientAddress of(HttpServletRequest request) {
    return parse(request.getRemoteAddr());
  }

  /** Reads an address as the servlet container writes it. */
  static ClientAddress parse(String address) {
    if (address.indexOf(':') < 0) {
      return new ClientAddress(address);
    }
    String withoutZone = address.split("%", 2)[0];
    try {
      byte[] bytes = InetAddress.ofLiteral(withoutZone).getAddress();
      int shown = bytes.length == 2 * IPV6_GROUPS ? 2 * NETWORK_GROUPS : bytes.length;
      return new ClientAddress(HexFormat.of().formatHex(Arrays.copyOf(bytes, shown)) + "/64");
    } catch (IllegalArgumentException e) {
      return new ClientAddress(address);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
