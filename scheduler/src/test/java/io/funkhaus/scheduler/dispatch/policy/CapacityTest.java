package io.funkhaus.scheduler.dispatch.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CapacityTest {

  @Test
  void no_more_than_the_budget_is_handed_out() {
    Capacity capacity = new Capacity(100);

    assertThat(capacity.tryReserve(60)).isNotNull();
    assertThat(capacity.tryReserve(41)).isNull();
    assertThat(capacity.tryReserve(40)).isNotNull();
    assertThat(capacity.freeBytes()).isZero();
  }

  @Test
  void what_is_released_twice_comes_back_once() {
    Capacity capacity = new Capacity(100);
    Capacity.Reservation first = Objects.requireNonNull(capacity.tryReserve(60));
    assertThat(capacity.tryReserve(40)).isNotNull();

    assertThat(first.release()).isTrue();
    assertThat(first.release()).isFalse();

    assertThat(capacity.reservedBytes()).isEqualTo(40);
  }

  @Test
  void a_budget_of_nothing_is_refused_with_its_value() {
    assertThatThrownBy(() -> new Capacity(0)).hasMessageContaining("was 0");
  }

  @Test
  void many_threads_together_never_have_more_than_the_budget() throws InterruptedException {
    Capacity capacity = new Capacity(10);
    AtomicLong most = new AtomicLong();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      threads.add(
          Thread.startVirtualThread(() -> {
            awaitUninterrupted(go);
            for (int i = 0; i < 2_000; i++) {
              Capacity.Reservation reservation = capacity.tryReserve(3);
              most.accumulateAndGet(capacity.reservedBytes(), Math::max);
              if (reservation != null) {
                reservation.release();
              }
            }
          }));
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(most.get()).isBetween(3L, 9L);
    assertThat(capacity.reservedBytes()).isZero();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
