package io.funkhaus.scheduler.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The hardened specification: what may vary, and what no input can change. */
class ContainerSpecTest {
  private static final Path TASK = Path.of("/data/sandboxes/1/task");
  private static final Path RUN = Path.of("/data/sandboxes/1/run");

  private static ContainerSpec harden(int memoryMegabytes, Map<String, String> labels) {
    return ContainerSpec.harden(
        "image", ContainerLimits.of(memoryMegabytes, 4), TASK, RUN, "{}", "runsc", labels);
  }

  @Test
  void every_field_of_the_hardened_specification_is_as_written_down() {
    assertThat(harden(1024, Map.of("fn.sandbox", "1")))
        .isEqualTo(
            new ContainerSpec(
                "image",
                "10001:10001",
                "sandbox",
                "/var/task",
                new ContainerLimits(1024L << 20, 1_000_000_000),
                256,
                256,
                1024,
                500,
                Map.of("/tmp", "rw,noexec,nosuid,nodev,size=536870912,nr_inodes=16384,mode=1777"),
                List.of(
                    new ContainerSpec.ReadOnlyBind(TASK, "/var/task"),
                    new ContainerSpec.ReadOnlyBind(RUN, "/run/fn"),
                    new ContainerSpec.ReadOnlyBind(RUN.resolve("hosts"), "/etc/hosts")),
                "none",
                "none",
                "{}",
                "runsc",
                Map.of("fn.sandbox", "1"),
                List.of()));
  }

  @Test
  void no_text_of_a_user_changes_anything_but_a_label() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    ContainerSpec plain = harden(128, Map.of());

    for (int i = 0; i < 1_000; i++) {
      ContainerSpec spec =
          harden(
              128,
              Map.of(
                  Labels.INSTANCE, text(random),
                  Labels.SANDBOX, text(random),
                  Labels.RUNTIME, text(random)));

      assertThat(spec)
          .as("run again with -Dseed=%d", seed)
          .usingRecursiveComparison()
          .ignoringFields("labels")
          .isEqualTo(plain);
    }
  }

  /** What tries to become an option: separators, flags, quotes, any character. */
  private static String text(Random random) {
    String[] pieces = {"--privileged", ",", "=", ":", "/", "..", "\n", "\"", "host", "\0", "ü"};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.append(pieces[random.nextInt(pieces.length)]).append((char) random.nextInt(0xd800));
    }
    return text.toString();
  }

  @Test
  void tmp_has_512_megabytes_whatever_the_function_may_use_of_them() {
    assertThat(harden(128, Map.of()).tmpfs().get("/tmp")).contains("size=" + (512L << 20) + ",");
    assertThat(harden(10_240, Map.of()).tmpfs().get("/tmp")).contains("size=" + (512L << 20) + ",");
  }

  @Test
  void processors_grow_with_memory_up_to_those_of_the_host() {
    assertThat(harden(128, Map.of()).limits().nanoCpus()).isEqualTo(1_000_000_000L);
    assertThat(harden(3_008, Map.of()).limits().nanoCpus()).isEqualTo(2_000_000_000L);
    assertThat(harden(10_240, Map.of()).limits().nanoCpus()).isEqualTo(4_000_000_000L);
  }

  @Test
  void a_directory_that_would_read_as_two_is_refused() {
    assertThatThrownBy(() -> new ContainerSpec.ReadOnlyBind(Path.of("/a:/b"), "/var/task"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ContainerSpec.ReadOnlyBind(Path.of("a"), "/var/task"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void memory_that_the_engine_would_take_for_unlimited_is_refused() {
    assertThatThrownBy(() -> harden(0, Map.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
