package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FreezerTest {
  private final Recorded recorded = new Recorded();
  private final Freezer freezer = new Freezer("a", recorded);

  @Test
  void what_is_in_use_is_not_frozen() {
    freezer.freeze(() -> false);

    assertThat(recorded.frozen).isFalse();
    assertThat(freezer.frozen()).isFalse();
  }

  @Test
  void whoever_takes_it_while_it_is_being_frozen_finds_out() {
    freezer.freeze(() -> {
      assertThat(freezer.frozen()).isTrue();
      return true;
    });
    assertThat(recorded.frozen).isTrue();

    assertThat(freezer.thaw()).isTrue();

    assertThat(recorded.frozen).isFalse();
    assertThat(freezer.frozen()).isFalse();
  }

  @Test
  void what_cannot_be_thawed_is_told_and_stays_frozen() {
    freezer.freeze(() -> true);
    recorded.broken = true;

    assertThat(freezer.thaw()).isFalse();
    assertThat(freezer.frozen()).isTrue();
  }

  private static final class Recorded implements Freezer.Means {
    boolean frozen;
    boolean broken;

    @Override
    public Duration patience(Duration grace) {
      return grace;
    }

    @Override
    public void freeze() throws IOException {
      frozen = true;
    }

    @Override
    public void thaw() throws IOException {
      if (broken) {
        throw new IOException("gone");
      }
      frozen = false;
    }
  }
}
