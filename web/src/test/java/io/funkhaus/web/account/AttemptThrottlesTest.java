package io.funkhaus.web.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AttemptThrottlesTest {

  private final HandMovedTime time = new HandMovedTime();
  private final AttemptThrottles throttles = new AttemptThrottles(time);
  private final ClientAddress here = new ClientAddress("192.0.2.1");
  private final ClientAddress elsewhere = new ClientAddress("192.0.2.2");

  @Test
  void after_ten_wrong_passwords_the_next_attempt_waits_half_a_minute() {
    for (int i = 0; i < 10; i++) {
      assertThat(throttles.signIn("alice@example.org", here)).isEmpty();
    }

    assertThat(throttles.signIn("alice@example.org", here)).contains(Duration.ofSeconds(30));
    time.move(Duration.ofSeconds(29));
    assertThat(throttles.signIn("alice@example.org", here)).contains(Duration.ofSeconds(1));
    time.move(Duration.ofSeconds(1));
    assertThat(throttles.signIn("alice@example.org", here)).isEmpty();
    assertThat(throttles.signIn("alice@example.org", here)).contains(Duration.ofSeconds(30));
  }

  @Test
  void wrong_guesses_from_one_address_do_not_keep_the_owner_out_at_another() {
    for (int i = 0; i < 30; i++) {
      throttles.signIn("alice@example.org", here);
    }

    assertThat(throttles.signIn("alice@example.org", here)).isPresent();
    assertThat(throttles.signIn("alice@example.org", elsewhere)).isEmpty();
  }

  @Test
  void one_address_cannot_go_through_many_accounts() {
    int looked = 0;
    for (int i = 0; i < 200; i++) {
      if (throttles.signIn("user" + i + "@example.org", here).isEmpty()) {
        looked++;
      }
    }

    assertThat(looked).isEqualTo(60);
  }

  @Test
  void a_whole_class_can_sign_in_from_one_address() {
    for (int i = 0; i < 500; i++) {
      String account = "pupil" + i + "@example.org";
      assertThat(throttles.signIn(account, here)).isEmpty();
      throttles.signedIn(account, here);
    }
  }

  @Test
  void addresses_cannot_be_tried_out_at_the_sign_up_form() {
    int refused = 0;
    while (throttles.signUp(here).isEmpty()) {
      refused++;
    }

    assertThat(refused).isEqualTo(10);
    assertThat(throttles.signUp(elsewhere)).isEmpty();
    time.move(Duration.ofMinutes(6));
    assertThat(throttles.signUp(here)).isEmpty();
  }

  @Test
  void a_whole_class_can_sign_up_from_one_address() {
    for (int i = 0; i < 100; i++) {
      assertThat(throttles.signUp(here)).isEmpty();
      throttles.signedUp(here);
    }
  }

  @Test
  void sign_ups_without_end_are_slowed_down() {
    int done = 0;
    while (throttles.signUp(here).isEmpty()) {
      throttles.signedUp(here);
      done++;
    }

    assertThat(done).isEqualTo(120);
  }

  private static final class HandMovedTime implements TimeMeter {

    private final AtomicLong nanos = new AtomicLong(1);

    void move(Duration by) {
      nanos.addAndGet(by.toNanos());
    }

    @Override
    public long currentTimeNanos() {
      return nanos.get();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
