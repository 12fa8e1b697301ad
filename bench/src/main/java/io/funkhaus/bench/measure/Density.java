package io.funkhaus.bench.measure;

import io.funkhaus.bench.host.Containers;
import io.funkhaus.bench.host.Containers.Running;
import io.funkhaus.bench.host.ProcessStat;
import io.funkhaus.bench.host.Processes;
import io.funkhaus.bench.load.Answered;
import io.funkhaus.bench.load.Load;
import io.funkhaus.bench.load.Request;
import io.funkhaus.bench.report.Bars;
import io.funkhaus.bench.report.Bound;
import io.funkhaus.bench.report.Figure;
import io.funkhaus.bench.report.Section;
import io.funkhaus.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Many warm sandboxes that nobody calls: what they cost while they wait. */
public final class Density implements Measurement {
  private static final Duration IDLE = Duration.ofSeconds(20);
  private static final Duration TO_FREEZE = Duration.ofSeconds(45);

  /** As many first calls at the same time; more only wait for each other. */
  private static final int AT_ONCE = 10;

  /** 0, but for the resolution of the control groups' clocks: a thousandth of one core. */
  private static final double NOTHING = 0.001;

  @Override
  public String name() {
    return "density";
  }

  @Override
  public String title() {
    return "Density";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(9);
  }

  /**
   * What was seen of them.
   *
   * @param cpuCores used by all, on average
   * @param bytesEach of the host, per sandbox
   * @param shareEach sum of the proportional set sizes of a sandbox's processes and its shim
   */
  private record Cost(
      int count,
      long frozen,
      double cpuCores,
      double shimCores,
      double bytesEach,
      double shareEach) {}

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    lab.settle();
    double bare = bareContainer(lab);
    int wanted = lab.scale().sandboxes();
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      lab.workspace().create("idle" + i, "// " + i + "\n" + Lab.HELLO_SOURCE);
      requests.add(lab.workspace().invocation("idle" + i, ""));
    }
    try {
      Cost cost = sandboxes(lab, requests);
      return section(cost, bare);
    } finally {
      for (int i = 0; i < wanted; i++) {
        lab.workspace().delete("idle" + i);
      }
    }
  }

  /** Host memory that a container of the same image takes which only has an idle Node.js in it. */
  private static double bareContainer(Lab lab) throws IOException, InterruptedException {
    String label = Containers.LABEL + "=" + lab.funkhaus().instance();
    int count = lab.scale().bareContainers();
    lab.say(count + " bare containers with Node.js");
    long before = Processes.memory("MemAvailable");
    try {
      for (int i = 0; i < count; i++) {
        lab.containers().startBareNode(Lab.sandboxImage(), label);
      }
      TimeUnit.SECONDS.sleep(3);
      return (before - Processes.memory("MemAvailable")) / (double) count;
    } finally {
      lab.containers().removeAll(label);
    }
  }

  private static Cost sandboxes(Lab lab, List<Request> requests)
      throws IOException, InterruptedException {
    String label = "fn.instance=" + lab.funkhaus().instance();
    TimeUnit.SECONDS.sleep(3);
    Set<String> old = new HashSet<>();
    lab.containers().withLabel(label).forEach(container -> old.add(container.id()));
    long before = Processes.memory("MemAvailable");
    for (int from = 0; from < requests.size(); from += AT_ONCE) {
      List<Request> some = requests.subList(from, Math.min(requests.size(), from + AT_ONCE));
      Optional<String> failures = Answered.failures(Load.atOnce(some), 200);
      if (failures.isPresent()) {
        throw new IOException("with " + from + " sandboxes " + failures.get());
      }
      if ((from / AT_ONCE) % 10 == 9) {
        lab.say("%d of %d sandboxes".formatted(from + AT_ONCE, requests.size()));
      }
    }
    lab.settle();
    List<Running> all =
        lab.containers().withLabel(label).stream()
            .filter(container -> !old.contains(container.id()))
            .toList();
    long frozen = awaitFrozen(lab, all, requests.size());
    TimeUnit.SECONDS.sleep(3);
    double bytesEach = (before - Processes.memory("MemAvailable")) / (double) requests.size();
    lab.say(
        "%d of %d are frozen; their CPU for %d s".formatted(frozen, all.size(), IDLE.toSeconds()));
    Map<Running, Long> cpu = cpuNanos(all);
    long shims = shimTicks(all);
    TimeUnit.NANOSECONDS.sleep(IDLE.toNanos());
    double cores = used(cpu, cpuNanos(all)) / (double) IDLE.toNanos();
    double shimCores =
        (shimTicks(all) - shims) / (double) ProcessStat.TICKS_PER_SECOND / IDLE.toSeconds();
    return new Cost(
        requests.size(), frozen, cores, shimCores, bytesEach, shareEach(all, requests.size()));
  }

  /** Stems are among the containers and are not frozen, so not all need to be. */
  private static long awaitFrozen(Lab lab, List<Running> all, int wanted)
      throws InterruptedException {
    long until = System.nanoTime() + TO_FREEZE.toNanos();
    long frozen = 0;
    lab.say("waiting until they are frozen");
    while (frozen < wanted && System.nanoTime() - until < 0) {
      TimeUnit.SECONDS.sleep(1);
      frozen = all.stream().filter(Containers::frozen).count();
    }
    return frozen;
  }

  private static Map<Running, Long> cpuNanos(List<Running> all) {
    Map<Running, Long> readings = new LinkedHashMap<>();
    all.forEach(container ->
        Containers.cpuNanos(container).ifPresent(nanos -> readings.put(container, nanos)));
    return readings;
  }

  /** Of those that were there at both times: a stem may have grown too old meanwhile. */
  private static long used(Map<Running, Long> before, Map<Running, Long> after) {
    return after.entrySet().stream()
        .mapToLong(reading ->
            reading.getValue() - before.getOrDefault(reading.getKey(), reading.getValue()))
        .sum();
  }

  private static long shimTicks(List<Running> all) {
    return all.stream()
        .flatMap(container -> ProcessStat.of(container.pid()).stream())
        .flatMap(init -> ProcessStat.of(init.parent()).stream())
        .mapToLong(ProcessStat::ticks)
        .sum();
  }

  private static double shareEach(List<Running> all, int count) {
    return all.stream()
            .flatMap(container -> Containers.processes(container).stream())
            .mapToLong(pid -> Processes.proportional(pid).orElse(0))
            .sum()
        / (double) count;
  }

  private Section section(Cost cost, double bare) {
    Figure cpu =
        Figure.of(
            cost.count() + " warm, frozen Node.js sandboxes: CPU",
            cost.frozen() >= cost.count() ? cost.cpuCores() : Math.max(1, cost.cpuCores()),
            "%s of a core, %d frozen".formatted(Text.percent(cost.cpuCores()), cost.frozen()),
            Bound.atMost(NOTHING, "0"),
            Bound.atMost(NOTHING, "0"));
    Figure memory =
        Figure.of(
            cost.count() + " warm, frozen Node.js sandboxes: host memory per sandbox",
            cost.bytesEach(),
            "%s (bare container %s)"
                .formatted(Text.megabytes(cost.bytesEach()), Text.megabytes(bare)),
            Bound.atMost(25e6, "25 MB"),
            Bound.atMost(14e6, "14 MB"));
    Map<String, Object> raw = new LinkedHashMap<>();
    raw.put("sandboxes", cost);
    raw.put("bareContainerBytes", bare);
    return new Section(
        "density",
        title(),
        List.of(cpu, memory),
        new Table("per sandbox", "host memory", "its processes and shim", "CPU of all")
                .row(
                    "Funkhaus",
                    Text.megabytes(cost.bytesEach()),
                    Text.megabytes(cost.shareEach()),
                    Text.percent(cost.cpuCores()))
                .row("bare container with Node.js", Text.megabytes(bare), "", "")
                .markdown()
            + """

            %d functions with different code, each called once, then left alone until the control group of each says that it is frozen. CPU is that of their
            control groups over %d s (their shims used %s of a core). Host memory is how much less `MemAvailable` was than before, the service's own growth
            included, divided by the number of sandboxes; the second column is the sum of the proportional set sizes. A bare container is the same image with
            `node -e 'setInterval(() => {}, 1e9)'` in it. The sum of the functions' memory limits (128 MB each) is more than the machine has, so the service
            ran with `FUNKHAUS_MEMORY_BUDGET` above it.
            """
                .formatted(cost.count(), IDLE.toSeconds(), Text.percent(cost.shimCores())),
        List.of(
            new Bars("Host memory of one idle sandbox, less is better", "MB", 1)
                .group("")
                .bar("Funkhaus, warm and frozen", cost.bytesEach() / 1e6, 0)
                .bar("bare Node.js container", bare / 1e6, 1)
                .chart("density.svg")),
        raw);
  }
}
