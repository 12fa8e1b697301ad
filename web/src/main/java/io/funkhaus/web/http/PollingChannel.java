package io.funkhaus.web.http;

import io.funkhaus.scheduler.polling.BusyPolling;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.LongSupplier;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * A connection whose reader may poll for the next request right after an answer, where it would
 * otherwise be told that nothing is there. Never for the rest of a request: a client that sends it
 * byte by byte costs no more than with Tomcat's own, and is cut off ({@link RequestPace}). One
 * thread at a time uses it.
 */
final class PollingChannel extends NioChannel {
  private final BusyPolling polling;
  private final LongSupplier ticker;
  private final RequestPace pace = new RequestPace();
  private boolean answered;

  PollingChannel(SocketBufferHandler buffers, BusyPolling polling, LongSupplier ticker) {
    super(buffers);
    this.polling = polling;
    this.ticker = ticker;
  }

  /** For another connection. */
  @Override
  public void reset(SocketChannel connection, NioEndpoint.NioSocketWrapper state)
      throws IOException {
    super.reset(connection, state);
    answered = false;
    pace.restart();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int read = super.read(into);
    if (read == 0 && answered) {
      read = polling.request(() -> super.read(into));
    }
    answered = false;
    if (read > 0) {
      pace.received(read, ticker.getAsLong());
    }
    return read;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    answered = true;
    pace.restart();
    return super.write(from);
  }
}
