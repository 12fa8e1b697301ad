package io.funkhaus.api.invalidation;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The one connection that listens for changed rows, with its thread. Proves every half second that
 * it still hears; a line that is dead, or a thread that is stuck, ends the trust in every cache
 * after {@link Hearing#TRUST}, below the five seconds after which a revoked key must be refused
 * everywhere.
 */
@Component
final class InvalidationLine implements SmartLifecycle {

  /** After the database, before everything that serves. */
  private static final int PHASE = -1000;

  private static final Duration ROUND = Duration.ofMillis(500);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);
  private static final Logger LOG = LoggerFactory.getLogger(InvalidationLine.class);

  private final DataSource dataSource;
  private final Invalidations invalidations;
  private volatile boolean running;
  private volatile @Nullable Thread thread;

  InvalidationLine(DataSource dataSource, Invalidations invalidations) {
    this.dataSource = dataSource;
    this.invalidations = invalidations;
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofPlatform().name("invalidations").daemon().start(this::listenUntilStopped);
  }

  @Override
  public void stop() {
    running = false;
    Thread listening = thread;
    if (listening == null) {
      return;
    }
    listening.interrupt();
    try {
      if (!listening.join(STOP_TIMEOUT)) {
        LOG.warn("event=invalidations_not_stopped waitedMillis={}", STOP_TIMEOUT.toMillis());
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

  private void listenUntilStopped() {
    Duration pause = FIRST_PAUSE;
    while (running) {
      try (Connection connection = dataSource.getConnection()) {
        pause = FIRST_PAUSE;
        listen(connection);
      } catch (SQLException | RuntimeException e) {
        if (running) {
          LOG.warn(
              "event=invalidations_down cachesOffAfterMillis={} reason={}",
              Hearing.TRUST.toMillis(),
              e.getMessage());
        }
      }
      pause = rest(pause);
    }
  }

  /**
   * Ends by an exception, or when stopped; either way the connection is closed for good: it
   * listens.
   */
  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, (int) ANSWER_TIMEOUT.toMillis());
      // Whoever looks at the database's connections finds this one by its name.
      statement.execute("SET application_name = 'funkhaus-invalidations'");
      statement.execute("LISTEN " + Invalidations.CHANNEL);
      long asked = invalidations.now();
      statement.execute("SELECT 1");
      invalidations.lineIsUp(asked);
      PGConnection postgres = connection.unwrap(PGConnection.class);
      while (running) {
        for (PGNotification heard : postgres.getNotifications((int) ROUND.toMillis())) {
          invalidations.heard(heard.getParameter());
        }
        // The answer before this round came after everything committed until then was sent.
        invalidations.heardUntil(asked);
        asked = invalidations.now();
        statement.execute("SELECT 1");
      }
    } finally {
      connection.abort(Runnable::run);
    }
  }

  private Duration rest(Duration pause) {
    if (!running) {
      return pause;
    }
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      // Only stop() interrupts, and the loop looks at running next.
      return pause;
    }
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }
}
