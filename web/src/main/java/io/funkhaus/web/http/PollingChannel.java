package io.funkhaus.web.http;

import io.funkhaus.scheduler.polling.BusyPolling;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * A connection whose reader may poll for the next request right after an answer, where it would
 * otherwise be told that nothing is there. Never for the rest of a request: a client that sends it
 * byte by byte costs no more than with Tomcat's own. One thread at a time uses it.
 */
final class PollingChannel extends NioChannel {
  private final BusyPolling polling;
  private boolean answered;

  PollingChannel(SocketBufferHandler buffers, BusyPolling polling) {
    super(buffers);
    this.polling = polling;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int read = super.read(into);
    if (read == 0 && answered) {
      read = polling.request(() -> super.read(into));
    }
    answered = false;
    return read;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    answered = true;
    return super.write(from);
  }
}
