package io.funkhaus.api.key;

import io.funkhaus.api.caller.KeyId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * When and from where keys were last used, on its way to the database: noted on the path of a
 * request, written by a thread of its own, at most once a minute for each key.
 */
@Component
class KeyUses implements SmartLifecycle {

  /** A key's use is noted again after this time. */
  static final Duration GRAIN = Duration.ofMinutes(1);

  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);

  /** Stops after whatever serves requests and before the database goes. */
  private static final int PHASE = -900;

  private static final Logger LOG = LoggerFactory.getLogger(KeyUses.class);

  private final KeyRepository keys;
  private final Map<KeyId, Use> unwritten = new ConcurrentHashMap<>();
  private volatile boolean running;
  private volatile @Nullable Thread thread;

  KeyUses(KeyRepository keys) {
    this.keys = keys;
  }

  /** One use of one key. */
  record Use(KeyId key, Instant at, String address) {}

  void note(Use use) {
    unwritten.put(use.key(), use);
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofPlatform().name("key-uses").daemon().start(this::writeUntilStopped);
  }

  @Override
  public void stop() {
    running = false;
    Thread writing = thread;
    if (writing == null) {
      return;
    }
    writing.interrupt();
    try {
      if (!writing.join(STOP_TIMEOUT)) {
        LOG.warn("event=key_uses_not_stopped waitedMillis={}", STOP_TIMEOUT.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  private void writeUntilStopped() {
    while (running) {
      try {
        Thread.sleep(PERIOD);
      } catch (InterruptedException e) {
        // Only stop() interrupts; what is noted is still written below.
      }
      write();
    }
  }

  private void write() {
    List<Use> uses = new ArrayList<>();
    unwritten.values().removeIf(uses::add);
    if (uses.isEmpty()) {
      return;
    }
    try {
      keys.saveUses(uses);
    } catch (DataAccessException e) {
      uses.forEach(use -> unwritten.putIfAbsent(use.key(), use));
      LOG.warn("event=key_uses_not_written count={} reason={}", uses.size(), e.getMessage());
    }
  }
}
