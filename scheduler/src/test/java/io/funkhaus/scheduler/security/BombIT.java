package io.funkhaus.scheduler.security;

import static io.funkhaus.scheduler.security.HostileFunction.bomb;
import static io.funkhaus.scheduler.security.HostileFunction.bombIntoLog;
import static io.funkhaus.scheduler.security.HostileFunction.log;
import static io.funkhaus.scheduler.security.HostileFunction.number;
import static io.funkhaus.scheduler.security.HostileFunction.printed;
import static io.funkhaus.scheduler.security.HostileFunction.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.fault.Invariants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that use up everything they can get: each hits its own limit and nobody else's. */
class BombIT {
  private static final int LOG_CAP = 256 * 1024;
  private static SchedulerFixture platform;
  private static Invariants invariants;

  @BeforeAll
  static void start() {
    platform = SchedulerFixture.start();
    invariants = Invariants.of(platform);
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @AfterEach
  void nothingIsLeft() {
    invariants.check();
  }

  private static SandboxSpec hostile(String name) {
    return HostileFunction.in(platform).name(name).spec();
  }

  private static void nextCallWorks(SandboxSpec spec) {
    assertThat(printed(platform.invoke(spec, bomb("exit", "0")))).isEqualTo("status=0 signal=null");
  }

  @Test
  void a_fork_bomb_stops_at_the_limit_of_processes() {
    SandboxSpec spec = hostile("fork");

    Outcome outcome = platform.invoke(spec, bomb("fork"));

    assertThat(printed(outcome)).contains("errno=EAGAIN");
    assertThat(number(outcome, "children")).isBetween(200L, 256L);
    nextCallWorks(spec);
  }

  @Test
  void a_function_that_outgrows_its_memory_is_told_so() {
    SandboxSpec spec =
        platform
            .node(
                """
                exports.handler = async ({ grow }) => {
                  for (const kept = []; grow; ) kept.push(Buffer.alloc(1 << 20, 1));
                  return 'small';
                };
                """)
            .name("mem")
            .spec();

    assertThat(platform.invoke(spec, "{\"grow\":true}")).isInstanceOf(Outcome.OutOfMemory.class);
    assertThat(printed(platform.invoke(spec, "{}"))).isEqualTo("small");
  }

  @Test
  void a_heap_that_outgrows_its_memory_is_no_different() {
    SandboxSpec spec =
        platform
            .node(
                """
                exports.handler = async () => {
                  for (const kept = []; ; ) kept.push(new Array(1e4).fill(Math.random()));
                };
                """)
            .name("heap")
            .spec();

    assertThat(platform.invoke(spec, "{}")).isInstanceOf(Outcome.OutOfMemory.class);
  }

  @Test
  void a_python_function_that_outgrows_its_memory_is_no_different() {
    SandboxSpec spec =
        platform
            .python("def handler(event, context):\n  return len(bytearray(b'x') * 500_000_000)")
            .name("python-mem")
            .spec();

    assertThat(platform.invoke(spec, "{}")).isInstanceOf(Outcome.OutOfMemory.class);
  }

  @Test
  void a_child_killed_for_memory_is_reported_in_the_log() {
    SandboxSpec spec = hostile("memchild");

    Outcome outcome = platform.invoke(spec, bomb("memchild", "400"));

    assertThat(number(outcome, "signal")).isEqualTo(9);
    assertThat(log(outcome)).contains("memory limit of 128 MB");
    nextCallWorks(spec);
  }

  @Test
  void tmp_has_an_end() {
    SandboxSpec spec = HostileFunction.in(platform).name("disk-large").memory(1024).spec();

    Outcome outcome = platform.invoke(spec, bomb("disk", "/tmp"));

    assertThat(printed(outcome)).contains("errno=ENOSPC");
    assertThat(number(outcome, "bytes")).isEqualTo(512L << 20);
    nextCallWorks(spec);
  }

  /** Which process the kernel ends, the largest, is the language runtime: files have no owner. */
  @Test
  void what_is_in_tmp_counts_as_memory() {
    SandboxSpec spec = hostile("disk-small");

    assertThat(platform.invoke(spec, bomb("disk", "/tmp"))).isInstanceOf(Outcome.OutOfMemory.class);
    nextCallWorks(spec);
  }

  @ParameterizedTest
  @CsvSource({
    "/etc, EROFS",
    "/var/tmp, EROFS",
    "/var/task, EROFS",
    "/run/fn, EROFS",
    "/opt, EROFS",
    "/dev/shm, ENOENT",
    "/dev, EACCES"
  })
  void nothing_else_can_be_written(String directory, String error) {
    Outcome outcome = platform.invoke(hostile("disk"), bomb("disk", directory));

    assertThat(printed(outcome)).isEqualTo("bytes=0 errno=" + error);
  }

  @Test
  void the_number_of_files_has_an_end() {
    SandboxSpec spec = hostile("inode");

    Outcome outcome = platform.invoke(spec, bomb("inode", "/tmp"));

    assertThat(printed(outcome)).contains("errno=ENOSPC");
    assertThat(number(outcome, "files")).isBetween(16_000L, 16_384L);
    nextCallWorks(spec);
  }

  @Test
  void the_number_of_open_files_has_an_end() {
    Outcome outcome = platform.invoke(hostile("fd"), bomb("fd"));

    assertThat(printed(outcome)).contains("errno=EMFILE");
    assertThat(number(outcome, "opened")).isBetween(1000L, 1024L);
  }

  @Test
  void a_flood_of_log_is_cut_counted_and_slows_nobody_down() {
    SandboxSpec spec = hostile("log");
    platform.invoke(spec, bomb("exit", "0"));
    long heapBefore = usedHeap();

    Outcome outcome = platform.invoke(spec, bombIntoLog("log", "40"));

    assertThat(printed(outcome)).isEqualTo("status=0 signal=null");
    assertThat(report(outcome).log().bytes()).hasSizeBetween(LOG_CAP, LOG_CAP + 1024);
    assertThat(report(outcome).log().droppedBytes()).isBetween(39L << 20, 40L << 20);
    assertThat(usedHeap() - heapBefore).isLessThan(16L << 20);
    nextCallWorks(spec);
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void garbage_and_forged_report_lines_are_only_log() {
    SandboxSpec spec = hostile("garbage");

    Outcome outcome = platform.invoke(spec, bombIntoLog("garbage"));

    assertThat(printed(outcome)).isEqualTo("status=0 signal=null");
    assertThat(report(outcome).log().bytes()).hasSizeGreaterThan(100_000).contains(0, 27, 255);
    assertThat(log(outcome)).contains("REPORT RequestId: 00000000-");
    nextCallWorks(spec);
  }

  @Test
  void a_spinning_function_is_stopped_in_time_and_gets_no_more_than_its_share() throws IOException {
    SandboxSpec spec =
        HostileFunction.in(platform).name("spin").timeout(Duration.ofSeconds(1)).spec();

    long started = System.nanoTime();
    Outcome outcome = platform.invoke(spec, bomb("spin"));
    Duration run = Duration.ofNanos(report(outcome).runNanos());

    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    assertThat(run).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(45));
    nextCallWorks(spec);
  }

  @Test
  void what_ignores_every_signal_is_gone_after_the_timeout() {
    SandboxSpec spec =
        HostileFunction.in(platform).name("stubborn").timeout(Duration.ofSeconds(1)).spec();

    Outcome outcome = platform.invoke(spec, bombIntoLog("stubborn"));

    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    assertThat(Duration.ofNanos(report(outcome).runNanos())).isLessThan(Duration.ofSeconds(2));
    assertThat(log(outcome)).contains("stubborn=3");
    await().atMost(Duration.ofSeconds(30)).until(() -> processesNamed("bomb", "stubborn") == 0);
    await().atMost(Duration.ofSeconds(30)).until(() -> platform.containers(spec).isEmpty());
    nextCallWorks(spec);
  }

  /** Running (not merely unburied) processes of this machine with this program and argument. */
  private static long processesNamed(String program, String argument) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(path -> path.getFileName().toString().matches("\\d+"))
          .filter(path -> commandLine(path).equals(List.of("/var/task/" + program, argument)))
          .count();
    }
  }

  private static List<String> commandLine(Path process) {
    try {
      return List.of(Files.readString(process.resolve("cmdline")).split("\0"));
    } catch (IOException ended) {
      return List.of();
    }
  }

  @Test
  void a_crash_is_an_ending_of_its_own() {
    SandboxSpec spec =
        platform
            .node(
                "exports.handler = async (e) => { if (e.bad) process.kill(process.pid, 'SIGSEGV');"
                    + " return 'good' }")
            .name("segv")
            .spec();

    Outcome outcome = platform.invoke(spec, "{\"bad\":1}");

    assertThat(outcome).isInstanceOf(Outcome.Exited.class);
    assertThat(((Outcome.Exited) outcome).exitStatus()).isEqualTo(256 + 11);
    assertThat(printed(platform.invoke(spec, "{}"))).isEqualTo("good");
  }

  @Test
  void a_crash_in_a_child_is_the_functions_own_business() {
    assertThat(printed(platform.invoke(hostile("child"), bomb("segv"))))
        .isEqualTo("status=null signal=SIGSEGV");
  }
}
