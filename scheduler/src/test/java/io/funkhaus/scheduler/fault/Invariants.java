package io.funkhaus.scheduler.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.dispatch.SchedulerSnapshot;
import io.funkhaus.scheduler.dispatch.SchedulerSnapshot.PoolSnapshot;
import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.scheduler.stem.StemCount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

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
public final class Invariants {
  private static final Duration SOON = Duration.ofSeconds(45);

  /** Of a sandbox: the sockets of control, channel and log, and the kernel's counts of memory. */
  private static final int FILES_PER_SANDBOX = 3 + 2;

  /** Connections to the engine (one selector and socket each) come and go with its use. */
  private static final int OTHER_FILES = 2 * 16;

  /** The test itself remembers the endings of its calls. */
  private static final long OTHER_BYTES = 16L << 20;

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
  private final Heap heap;

  private Invariants(SchedulerFixture platform) {
    this.platform = platform;
    this.files = Kernel.openFiles() - FILES_PER_SANDBOX * platform.containers().size();
    this.threads = threads();
    this.heap = Heap.now().without(platform.containers().size());
  }

  /** Waits until the scheduler is at rest; what it has then, being warm, is its baseline. */
  public static Invariants of(SchedulerFixture platform) {
    soon(() -> booksAndHostAgree(platform));
    return new Invariants(platform);
  }

  /** Waits until all holds, or tells what does not. Nobody may call the scheduler meanwhile. */
  public void check() {
    soon(() -> {
      booksAndHostAgree(platform);
      nothingIsLeftOfThePast();
    });
  }

  private static void soon(ThrowingRunnable what) {
    Awaitility.await()
        .atMost(SOON)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(what);
  }

  private static void booksAndHostAgree(SchedulerFixture platform) {
    SchedulerSnapshot snapshot = platform.scheduler().snapshot();
    atRest(snapshot, platform.stemFloor());
    hostAgrees(platform, snapshot);
  }

  private static void atRest(SchedulerSnapshot snapshot, int stemFloor) {
    assertThat(snapshot.engineAvailable()).as("the engine is there").isTrue();
    assertThat(snapshot.waiting()).as("invocations that wait").isZero();
    assertThat(snapshot.starting()).as("sandboxes on their way in").isZero();
    assertThat(snapshot.leaving()).as("sandboxes on their way out").isZero();
    assertThat(snapshot.pools())
        .as("nobody runs, waits or starts")
        .allMatch(pool -> pool.busy() == 0 && pool.waiting() == 0 && pool.starting() == 0);
    assertThat(snapshot.stems())
        .as("no stem is made or waited for")
        .allMatch(stems -> stems.launching() == 0 && stems.waiting() == 0);
    assertThat(snapshot.stems())
        .filteredOn(stems -> stems.kind().isolation() == Isolation.CONTAINER)
        .as("the stock is full")
        .allMatch(stems -> stems.ready() >= stemFloor);
  }

  private static void hostAgrees(SchedulerFixture platform, SchedulerSnapshot snapshot) {
    Set<String> sandboxes = new TreeSet<>();
    long kernelBytes = 0;
    for (ContainerListing container : platform.containers()) {
      assertThat(container.running()).as("%s runs", container).isTrue();
      sandboxes.add(String.valueOf(container.labels().get(Labels.SANDBOX)));
      kernelBytes += Kernel.memoryLimit(container.container());
    }
    assertThat(sandboxes)
        .as(
            "containers = sandboxes %s and stems %s in the books",
            snapshot.pools(), snapshot.stems())
        .hasSize(
            snapshot.pools().stream().mapToInt(PoolSnapshot::idle).sum()
                + snapshot.stems().stream().mapToInt(StemCount::ready).sum());
    assertThat(directories(platform)).as("directories = containers").isEqualTo(sandboxes);
    assertThat(Kernel.sandboxesAlive(platform.data()))
        .as("sandboxes with processes = containers")
        .isEqualTo(sandboxes);
    assertThat(snapshot.memoryReservedBytes())
        .as("memory reserved = limits that the kernel holds")
        .isEqualTo(kernelBytes);
  }

  private static Set<String> directories(SchedulerFixture platform) {
    Path sandboxes = platform.data().resolve("sandboxes");
    try (Stream<Path> all = Files.list(sandboxes)) {
      return all.map(path -> path.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (NoSuchFileException noneYet) {
      return Set.of();
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
    Heap now = Heap.now().without(present.size());
    assertThat(now.sandboxes())
        .as("sandboxes in memory, those that have a container apart")
        .isLessThanOrEqualTo(heap.sandboxes());
    assertThat(now.bytes())
        .as("bytes in memory that something still needs")
        .isLessThanOrEqualTo(heap.bytes() + heap.bytes() / 10 + OTHER_BYTES);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> BOUNDED.stream().noneMatch(name::startsWith))
        .sorted()
        .toList();
  }
}
