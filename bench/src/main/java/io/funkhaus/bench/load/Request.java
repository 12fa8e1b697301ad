package io.funkhaus.bench.load;

import java.nio.charset.StandardCharsets;

/** One HTTP request as the bytes that are sent, made once and sent many times. */
public final class Request {
  private final int port;
  private final byte[] bytes;

  private Request(int port, byte[] bytes) {
    this.port = port;
    this.bytes = bytes;
  }

  /** A call of a server on this machine. */
  public static Request post(int port, String path, String key, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, port, key, body.length);
    return of(port, head + json);
  }

  public static Request get(int port, String path) {
    return of(port, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n".formatted(path, port));
  }

  private static Request of(int port, String text) {
    return new Request(port, text.getBytes(StandardCharsets.UTF_8));
  }

  int port() {
    return port;
  }

  byte[] bytes() {
    return bytes;
  }
}
