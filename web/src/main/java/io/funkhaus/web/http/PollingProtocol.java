package io.funkhaus.web.http;

import io.funkhaus.scheduler.polling.BusyPolling;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * Tomcat's HTTP/1.1, except that the thread which has answered a call looks for the next request of
 * the same client for a moment, before it gives the connection back to the one thread that sleeps
 * for all of them. Tomcat makes it by its name and without arguments.
 */
public final class PollingProtocol extends Http11NioProtocol {
  private final Endpoint endpoint;

  public PollingProtocol() {
    this(new Endpoint());
  }

  private PollingProtocol(Endpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  /**
   * Of what an answer gathers before it is handed on, in bytes and once more in characters. Each
   * request in progress has them, a thousand waiting calls too.
   */
  @Override
  public int getDesiredBufferSize() {
    return 2048;
  }

  /** To be called before the first connection. */
  void poll(BusyPolling polling) {
    endpoint.polling = polling;
  }

  BusyPolling polling() {
    return endpoint.polling;
  }

  /** Makes the channels of accepted connections. */
  private static final class Endpoint extends NioEndpoint {
    private BusyPolling polling = new BusyPolling(0, () -> 0);

    @Override
    protected NioChannel createChannel(SocketBufferHandler buffers) {
      return isSSLEnabled()
          ? super.createChannel(buffers)
          : new PollingChannel(buffers, polling, System::nanoTime);
    }
  }
}
