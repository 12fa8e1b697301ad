package io.funkhaus.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.scheduler.engine.docker.HardeningControl;
import io.funkhaus.scheduler.engine.docker.InspectedContainer;
import io.funkhaus.scheduler.stem.StemSettings;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The hardened specification as the engine has taken it, control by control, of a sandbox that the
 * production path has started. That leaving out any one control is seen, ContainerMutantsIT shows.
 */
class InspectionIT {
  private static final String SECRET = "canary-of-the-environment";

  /** The engine shows what the container was made with; StemIT reads what is in force. */
  private static final long STEM_BYTES = StemSettings.DEFAULT.memoryBytes(Isolation.CONTAINER);

  private static SchedulerFixture platform;
  private static InspectedContainer inspected;

  @BeforeAll
  static void inspectOne() {
    platform = SchedulerFixture.start();
    SandboxSpec spec =
        platform
            .node("exports.handler = async () => 1")
            .tenant("210987654321")
            .name("inspected")
            .version("7")
            .memory(256)
            .variable("PASSWORD", SECRET)
            .spec();
    HostileFunction.report(platform.invoke(spec, "{}"));
    inspected =
        InspectedContainer.of(
            platform.containers(spec).getFirst().container(),
            new InspectedContainer.Wanted(
                "funkhaus/sandbox-nodejs22.x:dev",
                "runc",
                STEM_BYTES,
                platform.data().resolve("sandboxes"),
                Map.of(
                    Labels.RUNTIME, "nodejs22.x",
                    Labels.ISOLATION, "container")));
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @ParameterizedTest
  @EnumSource
  void the_sandbox_has(HardeningControl control) {
    control.check(inspected);
  }

  @Test
  void the_functions_environment_is_not_the_engines_to_show() {
    assertThat(inspected.container().getConfig().getEnv())
        .noneMatch(variable -> variable.contains(SECRET) || variable.startsWith("PASSWORD"));
    assertThat(inspected.container().getRawValues().toString()).doesNotContain(SECRET);
  }
}
