package io.funkhaus.web.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.web.settings.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SchedulerConfigurationTest {
  @Test
  void what_the_operator_has_set_is_what_the_scheduler_keeps_to() {
    Settings.Capacity capacity =
        new Settings.Capacity(4096, 7, 5, 4, 2, new Settings.Queue(30, 20, Duration.ofSeconds(40)));

    assertThat(SchedulerConfiguration.limits(capacity))
        .isEqualTo(new Limits(4L << 30, 4, 7, 5, 20, 30, Duration.ofSeconds(40)));
  }
}
