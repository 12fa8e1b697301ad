package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.LogListener;
import io.funkhaus.scheduler.sandbox.Sandbox.State;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final Duration LIMIT = Duration.ofNanos(1_000);

  private final Lifecycle life = new Lifecycle();

  LifecycleTest() {
    life.move(State.STARTING, State.STEM, 0);
    life.move(State.STEM, State.SPECIALISING, 0);
    life.move(State.SPECIALISING, State.IDLE, 0);
  }

  @Test
  void it_is_taken_as_often_as_allowed_and_idle_when_the_last_is_done() throws IOException {
    assertThat(life.take(2)).isTrue();
    assertThat(life.take(2)).isTrue();
    assertThat(life.take(2)).isFalse();
    Turn first = begun(0);
    Turn second = begun(0);

    assertThat(life.free(first, 10)).isFalse();
    assertThat(life.state()).isEqualTo(State.BUSY);
    assertThat(life.resting(Duration.ZERO, 10)).isFalse();
    assertThat(life.free(second, 20)).isTrue();
    assertThat(life.resting(Duration.ofNanos(5), 24)).isFalse();
    assertThat(life.resting(Duration.ofNanos(5), 25)).isTrue();
  }

  @Test
  void one_that_takes_too_long_ends_all_and_is_known() throws IOException {
    life.take(2);
    life.take(2);
    Turn late = begun(0);
    Turn other = begun(500);

    assertThat(life.expire(999)).isNull();
    assertThat(life.expire(1_000)).isEqualTo(DestroyReason.TIMED_OUT);

    assertThat(life.expired(late)).isTrue();
    assertThat(life.expired(other)).isFalse();
    assertThat(life.take(2)).isFalse();
  }

  @Test
  void each_turn_is_warned_of_its_own_end_once() throws IOException {
    life.take(2);
    life.take(2);
    begun(0);
    begun(500);

    assertThat(life.warn(899)).isFalse();
    assertThat(life.warn(900)).isTrue();
    assertThat(life.warn(901)).isFalse();
    assertThat(life.warn(1_400)).isTrue();
    assertThat(life.warn(1_401)).isFalse();
  }

  @Test
  void a_caller_can_end_it_only_when_it_is_alone() throws IOException {
    life.take(2);
    life.take(2);
    Turn first = begun(0);
    begun(0);

    assertThat(life.endAlone(DestroyReason.CANCELLED)).isFalse();
    life.free(first, 1);
    assertThat(life.endAlone(DestroyReason.CANCELLED)).isTrue();
    assertThat(life.reason()).isEqualTo(DestroyReason.CANCELLED);
  }

  private Turn begun(long now) throws IOException {
    try (SocketChannel socket = SocketChannel.open()) {
      LogCapture log = new LogCapture(socket);
      Turn turn =
          Turn.invocation(false, Waited.NOT_AT_ALL, log.begin(LogListener.NONE), now, LIMIT);
      life.begin(turn);
      return turn;
    }
  }
}
