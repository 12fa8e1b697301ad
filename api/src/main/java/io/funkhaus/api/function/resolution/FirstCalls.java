package io.funkhaus.api.function.resolution;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.scheduler.CodeStore;
import io.funkhaus.scheduler.Forecast;
import io.funkhaus.scheduler.SandboxSpec;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Brings near what the first call of something just made needs: its rows into memory, its code onto
 * this host's disk, a container for it if there is time. A call that comes sooner waits for it no
 * longer than it would have without; when more is made than can be brought near, the oldest is left
 * to its first call.
 */
@Component
public class FirstCalls implements DisposableBean {
  private static final Logger LOG = LoggerFactory.getLogger(FirstCalls.class);
  private static final int MOST_WAITING = 100;

  private final FunctionTargets targets;
  private final CodeStore code;
  private final Forecast forecast;
  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          1,
          1,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().daemon().name("first-calls").factory(),
          new ThreadPoolExecutor.DiscardOldestPolicy());

  FirstCalls(FunctionTargets targets, CodeStore code, Forecast forecast) {
    this.targets = targets;
    this.code = code;
    this.forecast = forecast;
    worker.allowCoreThreadTimeOut(true);
  }

  /** Begins when the running transaction has committed. */
  public void prepare(Caller caller, FunctionName name, Qualifier qualifier) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            worker.execute(() -> bringNear(caller, name, qualifier));
          }
        });
  }

  private void bringNear(Caller caller, FunctionName name, Qualifier qualifier) {
    try {
      SandboxSpec spec = targets.resolve(caller.tenant(), caller.account(), name, qualifier).spec();
      code.directory(spec.tenant(), spec.code());
      forecast.firstCalls(spec.runtime(), spec.architecture(), spec.isolation(), 1);
    } catch (IOException | RuntimeException e) {
      LOG.info(
          "event=first_call_unprepared function={} qualifier={} reason=\"{}\"",
          name,
          qualifier,
          e.toString());
    }
  }

  @Override
  public void destroy() {
    worker.shutdownNow();
  }
}
