package io.funkhaus.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.EngineException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final Rounds rounds = new Rounds();

  @AfterEach
  void close() {
    rounds.close();
  }

  @Test
  void a_round_that_fails_comes_again() throws Exception {
    CountDownLatch runs = new CountDownLatch(3);

    rounds.every(
        Duration.ofMillis(1),
        "broken",
        () -> {
          runs.countDown();
          throw new IllegalStateException("a bug of the round");
        });

    assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(rounds.failures("broken")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void failures_are_counted_for_each_round_and_told_to_nobody() {
    rounds.once("reap", RoundsTest::withoutEngine);
    rounds.once("reap", RoundsTest::withoutFile);
    rounds.once("tick", () -> {});

    assertThat(rounds.failures("reap")).isEqualTo(2);
    assertThat(rounds.failures("tick")).isZero();
  }

  private static void withoutEngine() throws EngineException {
    throw new EngineException(Kind.UNAVAILABLE, "nobody there");
  }

  private static void withoutFile() throws IOException {
    throw new IOException("no such file");
  }
}
