package io.funkhaus.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One kept-alive HTTP/1.1 connection for one thread: a plain socket and just enough of the
 * protocol, so that a measured call has no client library in it.
 */
public final class HttpConnection implements AutoCloseable {
  private static final int LARGEST_HEAD = 16 * 1024;
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[LARGEST_HEAD];
  private int position;
  private int limit;
  private boolean open = true;

  public HttpConnection(int port, Duration timeout) throws IOException {
    socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) timeout.toMillis());
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) CONNECT.toMillis());
      in = socket.getInputStream();
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
  }

  /** One call on a connection of its own. */
  public static Reply once(Request request, Duration timeout) throws IOException {
    try (HttpConnection connection = new HttpConnection(request.port(), timeout)) {
      return connection.send(request);
    }
  }

  /** Whether another request can be sent. */
  public boolean isOpen() {
    return open;
  }

  public Reply send(Request request) throws IOException {
    open = false; // until the whole answer has been read
    socket.getOutputStream().write(request.bytes());
    int status = status(line());
    int length = 0;
    boolean chunked = false;
    boolean kept = true;
    @Nullable String requestId = null;
    @Nullable String retryAfter = null;
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      String value = header.substring(colon + 1).strip();
      switch (header.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT)) {
        case "content-length" -> length = Integer.parseInt(value);
        case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
        case "connection" -> kept = !value.equalsIgnoreCase("close");
        case "x-request-id" -> requestId = value;
        case "retry-after" -> retryAfter = value;
        default -> {}
      }
    }
    byte[] body = chunked ? chunks() : exactly(length);
    open = kept;
    return Reply.of(status, requestId, retryAfter, body);
  }

  private static int status(String line) throws IOException {
    if (!line.startsWith("HTTP/1.1 ") || line.length() < 12) {
      throw new IOException("not an HTTP/1.1 answer: " + line);
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private byte[] chunks() throws IOException {
    var body = new java.io.ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
      body.writeBytes(exactly(size));
      line();
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] body = new byte[length];
    int buffered = Math.min(length, limit - position);
    System.arraycopy(buffer, position, body, 0, buffered);
    position += buffered;
    if (in.readNBytes(body, buffered, length - buffered) < length - buffered) {
      throw new EOFException("the server closed the connection in the middle of an answer");
    }
    return body;
  }

  private String line() throws IOException {
    int from = position;
    while (true) {
      for (int i = from; i < limit; i++) {
        if (buffer[i] == '\n') {
          int end = i > position && buffer[i - 1] == '\r' ? i - 1 : i;
          String line = new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
          position = i + 1;
          return line;
        }
      }
      from = limit - position;
      fill();
    }
  }

  private void fill() throws IOException {
    System.arraycopy(buffer, position, buffer, 0, limit - position);
    limit -= position;
    position = 0;
    if (limit == buffer.length) {
      throw new IOException("a header line of more than " + LARGEST_HEAD + " bytes");
    }
    int read = in.read(buffer, limit, buffer.length - limit);
    if (read < 0) {
      throw new EOFException("the server closed the connection");
    }
    limit += read;
  }

  @Override
  public void close() {
    open = false;
    try {
      socket.close();
    } catch (IOException ignored) {
      // It is closed either way.
    }
  }
}
