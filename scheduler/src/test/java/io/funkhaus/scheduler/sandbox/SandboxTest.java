package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Specs;
import io.funkhaus.scheduler.engine.FakeFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SandboxTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Counts how often it is given a function. */
  private static final class Counting implements FakeFunction {
    private final AtomicInteger given = new AtomicInteger();

    @Override
    public Reply init(String json) {
      given.incrementAndGet();
      return new Reply.Ready();
    }

    @Override
    public Reply invoke(byte[] event, Log log) {
      return new Reply.Result(event);
    }
  }

  @Test
  void what_is_one_functions_sandbox_never_becomes_that_of_another() throws Exception {
    Counting function = new Counting();
    try (FakeFleet fleet = new FakeFleet(function)) {
      Path bundle = Files.createDirectory(fleet.directory.resolve("bundle"));
      Path others = Files.createDirectory(fleet.directory.resolve("others"));
      Files.writeString(others.resolve("index.js"), "// another tenant's");
      SandboxSpec first = Specs.function("111111111111", "first", 128);
      SandboxSpec second = Specs.function("222222222222", "second", 128);
      Sandbox sandbox = fleet.stem();
      assertThat(sandbox.specialise(first, bundle, LIMIT)).isEmpty();

      assertThat(sandbox.specialise(second, others, LIMIT))
          .get()
          .isInstanceOf(Outcome.SandboxLost.class);

      assertThat(sandbox.spec()).isEqualTo(first);
      assertThat(sandbox.state()).isEqualTo(Sandbox.State.IDLE);
      assertThat(function.given).hasValue(1);
      assertThat(fleet.sandboxes().resolve(sandbox.id()).resolve("task/index.js")).doesNotExist();
    }
  }
}
