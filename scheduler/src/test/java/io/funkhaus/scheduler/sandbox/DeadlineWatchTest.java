package io.funkhaus.scheduler.sandbox;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DeadlineWatchTest {

  @Test
  void it_goes_on_after_a_look_that_failed() {
    AtomicInteger looks = new AtomicInteger();
    try (DeadlineWatch watch =
        new DeadlineWatch(
            new Sandboxes(),
            () -> {
              if (looks.incrementAndGet() == 1) {
                throw new IllegalStateException("a bug of ours");
              }
              return 0;
            })) {
      watch.start();

      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> looks.get() > 1);
    }
  }
}
