package io.funkhaus.web.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.web.startup.StartupFailure;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DatabaseStartTest {
  private final AtomicInteger stops = new AtomicInteger();

  private Database database() {
    return new Database(
        "jdbc:postgresql://127.0.0.1:5432/funkhaus", "user", "pw", stops::incrementAndGet);
  }

  @Test
  void whoever_begins_it_does_not_wait_and_whoever_takes_it_does() {
    CountDownLatch begun = new CountDownLatch(1);
    DatabaseStart start =
        DatabaseStart.begin(() -> {
          awaitThat(begun);
          return database();
        });

    begun.countDown(); // reached only because beginning returned before the database was there

    assertThat(start.take().user()).isEqualTo("user");
  }

  @Test
  void what_was_taken_is_stopped_by_its_taker_only() {
    DatabaseStart start = DatabaseStart.begin(this::database);

    Database taken = start.take();
    start.close();
    assertThat(stops).hasValue(0);

    taken.close();
    assertThat(stops).hasValue(1);
  }

  @Test
  void what_nobody_took_is_stopped_once() {
    DatabaseStart start = DatabaseStart.begin(this::database);

    start.close();
    start.close();

    assertThat(stops).hasValue(1);
  }

  @Test
  void the_reason_of_a_failed_start_reaches_who_wants_the_database() {
    DatabaseStart start =
        DatabaseStart.begin(() -> {
          throw new StartupFailure("The disk is full; make room.");
        });

    assertThatThrownBy(start::take)
        .isInstanceOf(StartupFailure.class)
        .hasMessage("The disk is full; make room.");
    start.close();
    assertThat(stops).hasValue(0);
  }

  private static void awaitThat(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
