package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.engine.ContainerLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written to and read from the kernel's files, in directories that look like them. */
class ControlGroupTest {
  private static final ContainerLimits LIMITS = new ContainerLimits(256L << 20, 1_500_000_000);

  @TempDir private Path root;

  @Test
  void version_1_gets_memory_with_and_without_swap_and_processor_time() throws IOException {
    Path memory = Files.createDirectories(root.resolve("memory/docker/c"));
    Path cpu = Files.createDirectories(root.resolve("cpu/docker/c"));
    Files.writeString(memory.resolve("memory.limit_in_bytes"), "67108864\n");
    Files.writeString(memory.resolve("memory.memsw.limit_in_bytes"), "");
    Files.writeString(cpu.resolve("cpu.cfs_period_us"), "");
    Files.writeString(cpu.resolve("cpu.cfs_quota_us"), "");

    assertThat(ControlGroup.at(root, "docker/c").limit(LIMITS)).isTrue();

    assertThat(memory.resolve("memory.limit_in_bytes")).content().startsWith("268435456");
    assertThat(memory.resolve("memory.memsw.limit_in_bytes")).hasContent("268435456");
    assertThat(cpu.resolve("cpu.cfs_period_us")).hasContent("100000");
    assertThat(cpu.resolve("cpu.cfs_quota_us")).hasContent("150000");
  }

  @Test
  void version_2_gets_memory_no_swap_and_processor_time() throws IOException {
    Path group = Files.createDirectories(root.resolve("docker/c"));
    Files.writeString(group.resolve("memory.max"), "");
    Files.writeString(group.resolve("memory.swap.max"), "");
    Files.writeString(group.resolve("cpu.max"), "");

    assertThat(ControlGroup.at(root, "docker/c").limit(LIMITS)).isTrue();

    assertThat(group.resolve("memory.max")).hasContent("268435456");
    assertThat(group.resolve("memory.swap.max")).hasContent("0");
    assertThat(group.resolve("cpu.max")).hasContent("150000 100000");
  }

  @Test
  void a_machine_that_does_not_count_swap_has_no_file_for_it() throws IOException {
    Path group = Files.createDirectories(root.resolve("docker/c"));
    Files.writeString(group.resolve("memory.max"), "");
    Files.writeString(group.resolve("cpu.max"), "");

    assertThat(ControlGroup.at(root, "docker/c").limit(LIMITS)).isTrue();
    assertThat(group.resolve("memory.swap.max")).doesNotExist();
  }

  @Test
  void both_versions_get_a_weight_in_their_own_measure() throws IOException {
    Files.createDirectories(root.resolve("memory/docker/one"));
    Path first = Files.createDirectories(root.resolve("cpu/docker/one"));
    Path second = Files.createDirectories(root.resolve("docker/two"));
    Files.writeString(first.resolve("cpu.shares"), "256");
    Files.writeString(second.resolve("cpu.weight"), "");
    ControlGroup two = ControlGroup.at(root, "docker/two");

    ControlGroup.at(root, "docker/one").weigh(512);
    two.weigh(512);
    assertThat(first.resolve("cpu.shares")).hasContent("512");
    assertThat(second.resolve("cpu.weight")).hasContent("50");

    Files.writeString(second.resolve("cpu.weight"), "");
    two.weigh(2);
    assertThat(second.resolve("cpu.weight")).hasContent("1");
  }

  @Test
  void time_that_is_run_or_waited_for_a_processor_is_added_up_over_processes() throws IOException {
    Path members = Files.writeString(root.resolve("cgroup.procs"), "7\n12\n");
    Files.writeString(
        Files.createDirectories(root.resolve("7")).resolve("schedstat"), "100 20 3\n");
    Files.writeString(
        Files.createDirectories(root.resolve("12")).resolve("schedstat"), "4000 5 6\n");

    assertThat(new RunnableTime(members, root).nanos()).isEqualTo(4_125);
    assertThat(ControlGroup.UNSEEN.runnableNanos()).isEqualTo(ControlGroup.UNKNOWN_COUNT);
  }

  @Test
  void of_a_function_that_starts_many_processes_only_a_few_are_looked_at() throws IOException {
    Path members = Files.writeString(root.resolve("cgroup.procs"), "5\n".repeat(250));
    Files.writeString(Files.createDirectories(root.resolve("5")).resolve("schedstat"), "1 1 1\n");

    assertThat(new RunnableTime(members, root).nanos()).isEqualTo(8 * 2);
  }

  @Test
  void a_weight_that_stays_is_not_written_again() throws IOException {
    Path group = Files.createDirectories(root.resolve("docker/c"));
    Files.writeString(group.resolve("cpu.weight"), "");
    ControlGroup weighed = ControlGroup.at(root, "docker/c");
    weighed.weigh(512);
    Files.writeString(group.resolve("cpu.weight"), "");

    weighed.weigh(512);

    assertThat(group.resolve("cpu.weight")).isEmptyFile();
  }

  @Test
  void what_cannot_be_seen_or_written_is_left_to_the_engine() throws IOException {
    Files.createDirectories(root.resolve("docker/empty"));

    assertThat(ControlGroup.at(root, "docker/none").limit(LIMITS)).isFalse();
    assertThat(ControlGroup.at(root, "docker/empty").limit(LIMITS)).isFalse();
  }

  @Test
  void kills_and_peak_are_read_where_the_kernel_writes_them() throws IOException {
    Path memory = Files.createDirectories(root.resolve("memory/docker/c"));
    Files.writeString(memory.resolve("memory.max_usage_in_bytes"), "4096\n");
    Files.writeString(
        memory.resolve("memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
    ControlGroup group = ControlGroup.at(root, "docker/c");

    assertThat(group.peakBytes()).isEqualTo(4096);
    assertThat(group.kills()).isEqualTo(3);
    assertThat(ControlGroup.UNSEEN.peakBytes()).isEqualTo(ControlGroup.UNKNOWN_COUNT);
    group.close();
  }
}
