package io.funkhaus.web.http;

import io.funkhaus.scheduler.polling.BusyPolling;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;

/** A connection whose reader may poll where it would otherwise be told that nothing is there. */
final class PollingChannel extends NioChannel {
  private final BusyPolling polling;

  PollingChannel(SocketBufferHandler buffers, BusyPolling polling) {
    super(buffers);
    this.polling = polling;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int read = super.read(into);
    return read == 0 ? polling.request(() -> super.read(into)) : read;
  }
}
