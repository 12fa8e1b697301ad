package io.funkhaus.scheduler.dispatch.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BacklogTest {
  private static final long RUN = 200;

  private final Backlog backlog = new Backlog();

  @Test
  void a_queue_that_was_empty_for_a_moment_only_is_the_same_queue() {
    backlog.began(1_000, RUN);
    backlog.ended(1_100);
    backlog.began(1_150, RUN);

    assertThat(backlog.nanos(1_300)).isEqualTo(300);
  }

  @Test
  void a_queue_after_a_rest_is_a_new_one() {
    backlog.began(1_000, RUN);
    backlog.ended(1_100);
    backlog.began(1_250, RUN);

    assertThat(backlog.nanos(1_300)).isEqualTo(50);
  }
}
