package io.funkhaus.api.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.recording.InvocationRecord.Measures;
import io.funkhaus.api.recording.InvocationStatus;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LogTextTest {
  private static final UUID ID = UUID.fromString("6f2c8a44-98c0-4d39-9b0c-5a5a3f3c7d11");
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void a_warm_run_has_start_lines_end_and_report() {
    assertThat(log(InvocationStatus.SUCCEEDED, "", warm(3_890), "one\ntwo\n", 0))
        .isEqualTo(
            """
            START RequestId: %1$s Version: $LATEST
            one
            two
            END RequestId: %1$s
            REPORT RequestId: %1$s\tDuration: 3.89 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 9 MB\t
            """
                .formatted(ID));
  }

  @Test
  void a_cold_start_adds_the_init_duration() {
    Measures cold = new Measures(0, 166_620, 3_890, 4, true, 9 << 20);

    assertThat(log(InvocationStatus.SUCCEEDED, "", cold, "", 0))
        .endsWith("\tMax Memory Used: 9 MB\tInit Duration: 166.62 ms\t\n");
  }

  @Test
  void a_timeout_says_so_before_the_end() {
    assertThat(
            log(
                InvocationStatus.TIMED_OUT,
                "RequestId: " + ID + " Error: Task timed out after 3.00 seconds",
                warm(3_000_000),
                "unfinished",
                0))
        .contains(
            "unfinished\n2026-11-21T12:00:03.000Z "
                + ID
                + " Task timed out after 3.00 seconds\nEND RequestId: ");
  }

  @Test
  void a_cut_log_names_what_is_missing() {
    assertThat(log(InvocationStatus.SUCCEEDED, "", warm(1), "start of much", 41_943_040))
        .contains(
            "start of much\n[log truncated: 41943040 more bytes were written and not kept]\nEND");
  }

  private static Measures warm(long runMicros) {
    return new Measures(100, 0, runMicros, Math.ceilDiv(runMicros, 1_000), false, 9 << 20);
  }

  private static String log(
      InvocationStatus status, String error, Measures measures, String written, long dropped) {
    return LogText.of(
        new LogText.Source(ID, "$LATEST", status, error, NOON, measures, 128, written, dropped));
  }
}
