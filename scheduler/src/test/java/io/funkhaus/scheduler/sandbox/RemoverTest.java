package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.engine.FakeEngine;
import io.funkhaus.scheduler.engine.FakeFunction;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RemoverTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Sandboxes book = new Sandboxes();

  @Test
  void a_sandbox_that_another_thread_is_just_ending_is_waited_for() throws Exception {
    try (FakeEngine engine = new FakeEngine(FakeFunction.ECHO, "fake:dev");
        Remover remover = new Remover(engine, book)) {
      book.announce("ending");

      assertThat(remover.awaitNone(Duration.ofMillis(1))).isFalse();
      remover.remove(new Remains("ending", null, () -> {}, () -> {}));

      assertThat(remover.awaitNone(SOON)).isTrue();
    }
  }
}
