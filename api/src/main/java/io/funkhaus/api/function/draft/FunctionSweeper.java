package io.funkhaus.api.function.draft;

import io.funkhaus.api.bundle.Bundles;
import io.funkhaus.api.function.table.FunctionRepository;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes for good what can no longer be reached: functions whose time for being taken back is
 * over, and code bundles that no draft and no version refers to.
 */
@Component
class FunctionSweeper implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(FunctionSweeper.class);
  private static final Duration PERIOD = Duration.ofMinutes(30);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);

  /** Longer than any save takes: a bundle is stored before its function refers to it. */
  static final Duration GRACE = Duration.ofHours(1);

  private final FunctionRepository functions;
  private final Bundles bundles;
  private final TransactionTemplate transaction;
  private final InstantSource clock;
  private volatile boolean running;
  private volatile @Nullable Thread thread;

  FunctionSweeper(
      FunctionRepository functions,
      Bundles bundles,
      PlatformTransactionManager transactions,
      InstantSource clock) {
    this.functions = functions;
    this.bundles = bundles;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /** One round. */
  void sweep() {
    Integer purged =
        transaction.execute(status -> functions.purge(clock.instant().minus(Functions.UNDELETE)));
    int swept = bundles.sweep(GRACE);
    if (swept > 0 || (purged != null && purged > 0)) {
      LOG.info("event=swept functions={} bundles={}", purged, swept);
    }
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofVirtual().name("function-sweeper").start(this::sweepUntilStopped);
  }

  @Override
  public void stop() {
    running = false;
    Thread sweeping = thread;
    if (sweeping == null) {
      return;
    }
    sweeping.interrupt();
    try {
      if (!sweeping.join(STOP_TIMEOUT)) {
        LOG.warn("event=sweeper_not_stopped waitedMillis={}", STOP_TIMEOUT.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void sweepUntilStopped() {
    while (running) {
      try {
        Thread.sleep(PERIOD);
        sweep();
      } catch (InterruptedException e) {
        // Only stop() interrupts, and the loop looks at running next.
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.warn("event=sweep_failed reason={}", e.toString());
      }
    }
  }
}
