package io.funkhaus.scheduler.engine;

import io.funkhaus.scheduler.engine.EngineException.Kind;
import io.funkhaus.scheduler.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An engine behind a breaker: when it has not answered several times in a row, calls fail at once
 * until a trial call succeeds. An engine that answers with an error is there.
 */
public final class GuardedEngine implements ContainerEngine {
  private static final int FAILURES = 3;
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final ContainerEngine engine;
  private final CircuitBreaker breaker;

  public GuardedEngine(ContainerEngine engine, Ticker ticker) {
    this.engine = engine;
    this.breaker = new CircuitBreaker(FAILURES, PAUSE, ticker);
  }

  /** Whether calls fail at once at the moment. */
  public boolean unavailable() {
    return breaker.open();
  }

  @Override
  public String create(ContainerSpec spec) throws EngineException {
    return guard(() -> engine.create(spec));
  }

  @Override
  public void start(String container) throws EngineException {
    guard(() -> done(() -> engine.start(container)));
  }

  @Override
  public void remove(String container) throws EngineException {
    guard(() -> done(() -> engine.remove(container)));
  }

  @Override
  public ContainerState inspect(String container) throws EngineException {
    return guard(() -> engine.inspect(container));
  }

  @Override
  public List<ContainerListing> list(Map<String, String> labels) throws EngineException {
    return guard(() -> engine.list(labels));
  }

  @Override
  public void updateLimits(String container, ContainerLimits limits) throws EngineException {
    guard(() -> done(() -> engine.updateLimits(container, limits)));
  }

  @Override
  public void pause(String container) throws EngineException {
    guard(() -> done(() -> engine.pause(container)));
  }

  @Override
  public void unpause(String container) throws EngineException {
    guard(() -> done(() -> engine.unpause(container)));
  }

  @Override
  public boolean hasImage(String image) throws EngineException {
    return guard(() -> engine.hasImage(image));
  }

  @Override
  public EngineInfo ping() throws EngineException {
    return guard(engine::ping);
  }

  @Override
  public void close() {
    engine.close();
  }

  private interface Call<T extends @Nullable Object> {
    T run() throws EngineException;
  }

  private interface Command {
    void run() throws EngineException;
  }

  private static @Nullable Void done(Command command) throws EngineException {
    command.run();
    return null;
  }

  private <T extends @Nullable Object> T guard(Call<T> call) throws EngineException {
    if (!breaker.admits()) {
      throw new EngineException(
          Kind.UNAVAILABLE, "the container engine has not answered lately; it is tried again soon");
    }
    try {
      T answer = call.run();
      breaker.succeeded();
      return answer;
    } catch (EngineException e) {
      if (e.kind() == Kind.UNAVAILABLE) {
        breaker.failed();
      } else {
        breaker.succeeded();
      }
      throw e;
    } catch (RuntimeException e) {
      breaker.failed();
      throw e;
    }
  }
}
