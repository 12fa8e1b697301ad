package io.funkhaus.scheduler.polling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** On threads of their own: who polls without end does not notice an interrupt. */
@Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
class BusyPollingTest {
  private static final int READ_NANOS = 1_000;
  private static final int NEVER = Integer.MAX_VALUE;

  private long now = Long.MAX_VALUE - 10_000;
  private int reads;
  private final BusyPolling polling = new BusyPolling(2, () -> now);

  /** Every look takes a microsecond; what comes is there at the given look. */
  private BusyPolling.Source there(int atRead) {
    return () -> {
      now += READ_NANOS;
      return ++reads < atRead ? 0 : 31;
    };
  }

  @Test
  void an_answer_that_comes_soon_is_read_without_sleeping() throws IOException {
    polling.begun();
    assertThat(polling.answer(there(40))).isEqualTo(31);
    assertThat(reads).isEqualTo(40);
  }

  @Test
  void the_end_of_a_connection_is_an_answer() throws IOException {
    polling.begun();
    assertThat(polling.answer(() -> -1)).isEqualTo(-1);
  }

  @Test
  void an_answer_that_takes_longer_is_left_to_the_kernel() throws IOException {
    polling.begun();
    assertThat(polling.answer(there(NEVER))).isZero();
    assertThat(reads).isEqualTo(100);
  }

  @Test
  void who_polls_stops_when_another_call_comes() throws IOException {
    polling.begun();
    assertThat(
            polling.answer(() -> {
              if (++reads == 5) {
                polling.begun();
              }
              return 0;
            }))
        .isZero();
    assertThat(reads).isEqualTo(5);
  }

  @Test
  void nobody_polls_while_more_calls_are_in_progress_than_half_of_the_processors()
      throws IOException {
    polling.begun();
    polling.begun();
    assertThat(polling.forAnswers()).isFalse();
    assertThat(polling.answer(there(1))).isZero();
    polling.ended();
    assertThat(polling.forAnswers()).isTrue();
    assertThat(polling.answer(there(1))).isEqualTo(31);
  }

  @Test
  void nobody_polls_on_a_single_processor() throws IOException {
    BusyPolling single = new BusyPolling(1, () -> now);
    single.begun();
    assertThat(single.answer(there(1))).isZero();
    single.ended();
    assertThat(single.request(there(1))).isZero();
  }

  @Test
  void nobody_polls_while_the_processors_have_no_time_to_spare() throws IOException {
    polling.begun();
    polling.allow(false);
    assertThat(polling.answer(there(1))).isZero();
    polling.ended();
    assertThat(polling.request(there(1))).isZero();
    polling.allow(true);
    assertThat(polling.request(there(1))).isEqualTo(31);
  }

  @Test
  void the_next_request_of_a_client_is_awaited_for_a_moment_after_its_call() throws IOException {
    polling.begun();
    polling.ended();
    now += 50_000;
    assertThat(polling.request(there(NEVER))).isZero();
    assertThat(reads).isEqualTo(100);
    assertThat(polling.request(there(1))).isZero();
  }

  @Test
  void nobody_lingers_before_the_first_call() throws IOException {
    assertThat(polling.request(there(1))).isZero();
  }

  @Test
  void who_lingers_makes_way_for_a_call() throws IOException {
    polling.begun();
    polling.ended();
    assertThat(
            polling.request(() -> {
              if (++reads == 3) {
                polling.begun();
              }
              return 0;
            }))
        .isZero();
    assertThat(reads).isEqualTo(3);
    assertThat(polling.forAnswers()).isTrue();
  }

  @Test
  void no_more_linger_than_half_of_the_processors() throws IOException {
    polling.begun();
    polling.ended();
    assertThat(polling.request(() -> polling.request(there(1)) == 0 ? 31 : 32)).isEqualTo(31);
    assertThat(polling.request(there(1))).isEqualTo(31);
  }

  @Test
  void calls_of_others_do_not_prolong_lingering() throws IOException {
    BusyPolling four = new BusyPolling(8, () -> now);
    four.begun();
    four.ended();
    assertThat(
            four.request(() -> {
              four.begun();
              four.ended();
              return there(NEVER).read();
            }))
        .isZero();
    assertThat(reads).isEqualTo(150);
  }

  @Test
  void who_lingers_stops_when_calls_and_lingerers_are_more_than_half_of_the_processors()
      throws IOException {
    BusyPolling two = new BusyPolling(4, () -> now);
    two.begun();
    two.ended();
    two.begun();
    assertThat(
            two.request(() -> {
              two.begun();
              return 0;
            }))
        .isZero();
  }

  @Test
  void what_fails_while_lingering_leaves_room_for_others() throws IOException {
    polling.begun();
    polling.ended();
    try {
      polling.request(() -> {
        throw new IOException("reset");
      });
    } catch (IOException reset) {
      assertThat(polling.request(there(1))).isEqualTo(31);
      return;
    }
    throw new AssertionError("the failure was swallowed");
  }
}
