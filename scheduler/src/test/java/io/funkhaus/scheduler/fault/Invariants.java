package io.funkhaus.scheduler.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.dispatch.SchedulerSnapshot;
import io.funkhaus.scheduler.dispatch.SchedulerSnapshot.PoolSnapshot;
import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.engine.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * What must be true of a scheduler at rest, whatever has happened to it before: book, engine, disk
 * and kernel tell the same story, and nothing of the past is left in the process.
 *
 * <pre>
 *   Invariants invariants = Invariants.of(platform);   // warm, at rest
 *   … load, fault, end of load …
 *   invariants.check();
 * </pre>
 */
final class Invariants {
  private static final Duration SOON = Duration.ofSeconds(45);

  /** Sockets of a sandbox: control, channel, log. */
  private static final int FILES_PER_SANDBOX = 3;

  /** Connections to the engine (one selector and socket each) come and go with its use. */
  private static final int OTHER_FILES = 2 * 16;

  /** Pools that make their threads when they need them, and never more than their bound. */
  private static final List<String> BOUNDED =
      List.of(
          "engine-",
          "stem-launcher-",
          "sandbox-starter-",
          "sandbox-remover-",
          "scheduler-timer-",
          "ForkJoinPool",
          "VirtualThread-unparker",
          "process reaper",
          "VirtualThread-unblocker",
          "MasterPoller",
          "Read-Poller",
          "Write-Poller",
          "HttpClient-",
          "awaitility");

  private final SchedulerFixture platform;
  private final int files;
  private final List<String> threads;

  private Invariants(SchedulerFixture platform) {
    this.platform = platform;
    this.files = Kernel.openFiles() - FILES_PER_SANDBOX * platform.containers().size();
    this.threads = threads();
  }

  /** To be taken when the scheduler is warm and at rest: what it has then is its baseline. */
  static Invariants of(SchedulerFixture platform) {
    return new Invariants(platform);
  }

  /** Waits until all holds, or tells what does not. Nobody may call the scheduler meanwhile. */
  void check() {
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> {
          SchedulerSnapshot snapshot = platform.scheduler().snapshot();
          atRest(snapshot);
          hostAgrees(snapshot);
          nothingIsLeftOfThePast();
        });
  }

  private static void atRest(SchedulerSnapshot snapshot) {
    assertThat(snapshot.engineAvailable()).as("the engine is there").isTrue();
    assertThat(snapshot.waiting()).as("invocations that wait").isZero();
    assertThat(snapshot.starting()).as("sandboxes on their way in").isZero();
    assertThat(snapshot.leaving()).as("sandboxes on their way out").isZero();
    assertThat(snapshot.pools())
        .as("nobody runs, waits or starts")
        .allMatch(pool -> pool.busy() == 0 && pool.waiting() == 0 && pool.starting() == 0);
  }

  private void hostAgrees(SchedulerSnapshot snapshot) {
    Set<String> sandboxes = new TreeSet<>();
    long kernelBytes = 0;
    for (ContainerListing container : platform.containers()) {
      assertThat(container.running()).as("%s runs", container).isTrue();
      sandboxes.add(String.valueOf(container.labels().get(Labels.SANDBOX)));
      kernelBytes += Kernel.memoryLimit(container.container());
    }
    assertThat(sandboxes)
        .as("containers = sandboxes in the book %s", snapshot.pools())
        .hasSize(snapshot.pools().stream().mapToInt(PoolSnapshot::idle).sum());
    assertThat(directories()).as("directories = containers").isEqualTo(sandboxes);
    assertThat(Kernel.sandboxesAlive(platform.data()))
        .as("sandboxes with processes = containers")
        .isEqualTo(sandboxes);
    assertThat(snapshot.memoryReservedBytes())
        .as("memory reserved = limits that the kernel holds")
        .isEqualTo(kernelBytes);
  }

  private Set<String> directories() {
    Path sandboxes = platform.data().resolve("sandboxes");
    try (Stream<Path> all = Files.list(sandboxes)) {
      return all.map(path -> path.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void nothingIsLeftOfThePast() {
    Set<String> present =
        platform.containers().stream().map(ContainerListing::container).collect(Collectors.toSet());
    Set<String> gone = new HashSet<>(platform.created());
    gone.removeAll(present);
    assertThat(Kernel.groupsLeft(gone)).as("control groups of dead containers").isEmpty();
    assertThat(threads())
        .as("threads, before %s", threads)
        .hasSizeLessThanOrEqualTo(threads.size());
    assertThat(Kernel.openFiles() - FILES_PER_SANDBOX * present.size())
        .as("open files, those of sandboxes apart")
        .isLessThanOrEqualTo(files + OTHER_FILES);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> BOUNDED.stream().noneMatch(name::startsWith))
        .sorted()
        .toList();
  }
}
