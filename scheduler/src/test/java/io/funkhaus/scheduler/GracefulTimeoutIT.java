package io.funkhaus.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** SIGTERM shortly before the limit, in real sandboxes. */
class GracefulTimeoutIT {

  @Test
  void a_node_handler_that_answers_when_it_is_warned_has_answered() {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec =
          platform
              .node(
                  "exports.handler = (event, context) => new Promise(done => {"
                      + " setTimeout(done, 60000);"
                      + " process.once('SIGTERM', () => done(context.getRemainingTimeInMillis()))"
                      + " })")
              .timeout(Duration.ofSeconds(2))
              .spec();

      Outcome outcome = platform.invoke(spec, "{}");

      assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
      String left = new String(((Outcome.Succeeded) outcome).result(), StandardCharsets.UTF_8);
      assertThat(Integer.parseInt(left)).isBetween(1, 200);
    }
  }

  @Test
  void a_python_handler_that_raises_when_it_is_warned_has_failed_and_its_sandbox_goes_on() {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec =
          platform
              .python(
                  """
                  import signal, time

                  def stop(number, frame):
                      raise RuntimeError('no time left')

                  signal.signal(signal.SIGTERM, stop)

                  def handler(event, context):
                      time.sleep(event)
                      return 'awake'
                  """)
              .timeout(Duration.ofSeconds(2))
              .spec();

      Outcome outcome = platform.invoke(spec, "60");

      assertThat(outcome).isInstanceOf(Outcome.HandlerFailed.class);
      assertThat(new String(((Outcome.HandlerFailed) outcome).error(), StandardCharsets.UTF_8))
          .contains("no time left");
      assertThat(platform.invoke(spec, "0")).isInstanceOf(Outcome.Succeeded.class);
    }
  }

  @Test
  void functions_that_do_not_listen_are_ended_at_their_limit_and_not_before() {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec node =
          platform
              .node("exports.handler = () => { for (;;); }")
              .timeout(Duration.ofSeconds(1))
              .spec();
      SandboxSpec python =
          platform
              .python("import time\ndef handler(event, context): time.sleep(60)")
              .timeout(Duration.ofSeconds(1))
              .spec();

      assertThat(platform.invoke(node, "{}")).isInstanceOf(Outcome.TimedOut.class);
      assertThat(platform.invoke(python, "{}")).isInstanceOf(Outcome.TimedOut.class);
    }
  }
}
