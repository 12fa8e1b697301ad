package io.funkhaus.scheduler.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that watches the log and control connections of all sandboxes, so that a function
 * that writes is never stopped by nobody reading, and a sandbox that ends by itself is noticed at
 * once.
 */
public final class SocketWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SocketWatcher.class);

  /** Called on the watcher's thread when there is something to read. Must not block. */
  @FunctionalInterface
  interface Reader {
    /** False when the connection need not be watched any more. */
    boolean read();
  }

  private final Selector selector;
  private final Thread thread;

  public SocketWatcher() {
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector for the sandboxes' connections", e);
    }
    this.thread = Thread.ofPlatform().daemon().name("sandbox-watcher").unstarted(this::watch);
  }

  public void start() {
    thread.start();
  }

  /**
   * @param socket in non-blocking mode
   */
  void add(SocketChannel socket, Reader reader) throws IOException {
    socket.register(selector, SelectionKey.OP_READ, reader);
    selector.wakeup();
  }

  /** To be called after a watched connection was closed: only then its descriptor is given back. */
  void forgetClosed() {
    selector.wakeup();
  }

  private void watch() {
    while (selector.isOpen()) {
      try {
        selector.select(SocketWatcher::read);
      } catch (ClosedSelectorException e) {
        return;
      } catch (IOException e) {
        LOG.error("event=watcher_failed error={}", e.toString());
      }
    }
  }

  private static void read(SelectionKey key) {
    try {
      if (!((Reader) key.attachment()).read()) {
        key.cancel();
      }
    } catch (RuntimeException e) {
      LOG.error("event=watcher_reader_failed", e);
      key.cancel();
    }
  }

  @Override
  public void close() {
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the watcher of the sandboxes could not be closed", e);
    }
  }
}
