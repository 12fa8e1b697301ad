package io.funkhaus.api.invalidation;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Keeps the caches of all running services true. Whoever changes a cached row publishes its id
 * within the transaction; at commit the database tells every service, this one included, and each
 * drops its copy.
 *
 * <p>The caches of this service are told on the committing thread already, so that an answer is
 * never followed by a read of what it replaced.
 *
 * <p>A cache must ask {@link #live()} before it trusts what it holds: while the line to the
 * database is down, changes are not heard, and everything must be read from the database.
 *
 * <p>Final and without annotations that would make it a proxy: every warm call asks it, twice.
 */
@Service
public final class Invalidations {

  /** The one PostgreSQL channel; the payload is {@code topic id}. */
  static final String CHANNEL = "funkhaus_invalidations";

  private static final Logger LOG = LoggerFactory.getLogger(Invalidations.class);

  private final Map<String, List<Cached>> caches = new ConcurrentHashMap<>();
  private final JdbcClient jdbc;
  private final Hearing hearing = new Hearing(Ticker.systemTicker());

  Invalidations(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Makes a cache hear of the changes of a topic from now on, after those that hear already. */
  public void register(String topic, Cached cache) {
    if (topic.isBlank() || topic.indexOf(' ') >= 0) {
      throw new IllegalArgumentException("a topic is one word, was '" + topic + "'");
    }
    caches.computeIfAbsent(topic, first -> new CopyOnWriteArrayList<>()).add(cache);
  }

  /**
   * Tells every service, once the running transaction has committed, that a row of the topic has
   * changed.
   */
  public void publish(String topic, String id) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalTransactionStateException(
          "a change of " + topic + " is published within the transaction that makes it");
    }
    jdbc.sql("SELECT pg_notify(:channel, :payload)")
        .param("channel", CHANNEL)
        .param("payload", topic + ' ' + id)
        .query()
        .listOfRows();
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            forget(topic, id);
          }
        });
  }

  /**
   * Whether every change committed more than a few seconds ago has been heard. While false, a cache
   * must not be used.
   */
  public boolean live() {
    return hearing.isTrusted();
  }

  void heard(String payload) {
    int space = payload.indexOf(' ');
    if (space < 1) {
      LOG.warn("event=invalidation_unreadable payload={} dropped=all", payload);
      forgetEverything();
      return;
    }
    forget(payload.substring(0, space), payload.substring(space + 1));
  }

  /** The line is up from this moment on; whatever was cached before may be stale. */
  void lineIsUp(long moment) {
    forgetEverything();
    hearing.heardUntil(moment);
  }

  /** Everything committed before this moment has been given to {@link #heard}. */
  void heardUntil(long moment) {
    hearing.heardUntil(moment);
  }

  /** A reading of the clock for the two above. */
  long now() {
    return hearing.now();
  }

  private void forget(String topic, String id) {
    caches.getOrDefault(topic, List.of()).forEach(cache -> cache.forget(id));
  }

  private void forgetEverything() {
    caches.values().forEach(ofTopic -> ofTopic.forEach(Cached::forgetAll));
  }
}
