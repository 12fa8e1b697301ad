package io.funkhaus.bench;

import io.funkhaus.bench.host.Children;
import io.funkhaus.bench.host.Funkhaus;
import io.funkhaus.bench.host.Machine;
import io.funkhaus.bench.host.Processes;
import io.funkhaus.bench.measure.Burst;
import io.funkhaus.bench.measure.Density;
import io.funkhaus.bench.measure.FirstCalls;
import io.funkhaus.bench.measure.Lab;
import io.funkhaus.bench.measure.ManyFunctions;
import io.funkhaus.bench.measure.Measurement;
import io.funkhaus.bench.measure.Microbenchmarks;
import io.funkhaus.bench.measure.NoisyTenant;
import io.funkhaus.bench.measure.Overload;
import io.funkhaus.bench.measure.Recording;
import io.funkhaus.bench.measure.Scale;
import io.funkhaus.bench.measure.SlowFunction;
import io.funkhaus.bench.measure.WarmCalls;
import io.funkhaus.bench.report.Report;
import io.funkhaus.bench.report.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The driver of {@code ./funkhaus bench}: starts a service of its own, measures one thing after the
 * other, and writes the report. A measurement that fails costs its own row and nothing else.
 *
 * <p>Whatever ends it, also Ctrl-C, ends its children and stops the service.
 */
public final class Bench {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter FILE =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Options options;
  private final InstantSource clock;
  private final Path raw;
  private final Path log;

  private Bench(Options options, InstantSource clock) throws IOException {
    this.options = options;
    this.clock = clock;
    this.raw = Files.createDirectories(options.root().resolve("bench/target/results"));
    this.log = Files.createDirectories(options.work().resolve("log"));
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options = Options.parse(arguments);
    System.exit(new Bench(options, InstantSource.system()).run());
  }

  private int run() throws IOException, InterruptedException {
    List<Measurement> wanted = wanted();
    Children children = new Children(options.work().resolve("run"));
    Funkhaus funkhaus =
        new Funkhaus(children, options.root(), options.work().resolve("service"), log);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  children.close();
                  funkhaus.close();
                }));
    Path peers = options.work().resolve("peers");
    Map<String, String> machine = Machine.describe(children, options.root(), peers);
    if (wanted.stream().anyMatch(measurement -> !measurement.name().equals("jmh"))) {
      start(funkhaus);
    }
    Lab lab =
        new Lab(
            options.quick() ? Scale.quick() : Scale.full(Processes.memory("MemTotal")),
            children,
            funkhaus,
            new Lab.Places(options.root(), peers, log, raw));
    List<Section> sections = new ArrayList<>();
    for (Measurement measurement : wanted) {
      sections.add(measure(measurement, lab, funkhaus));
    }
    return report(machine, sections);
  }

  private List<Measurement> wanted() {
    List<Measurement> all =
        new ArrayList<>(
            List.of(
                new WarmCalls(),
                new Recording(clock),
                new FirstCalls(),
                new Burst(),
                new SlowFunction(),
                new Overload(),
                new NoisyTenant(),
                new Density(),
                new ManyFunctions(),
                new Microbenchmarks(Duration.ofMillis(options.quick() ? 200 : 1000))));
    Set<String> unknown = new TreeSet<>(options.only());
    all.forEach(measurement -> unknown.remove(measurement.name()));
    if (!unknown.isEmpty()) {
      System.err.println(
          "There is no measurement "
              + String.join(", ", unknown)
              + ". There are: "
              + String.join(", ", all.stream().map(Measurement::name).toList()));
      System.exit(2);
    }
    all.removeIf(measurement ->
        options.only().isEmpty()
            ? options.quick() && measurement.name().equals("jmh")
            : !options.only().contains(measurement.name()));
    return all;
  }

  /**
   * The first run of a build writes down which classes it loads, which makes it slow; whoever
   * starts it a second time has the class cache that is made of that. This is what is measured.
   */
  private static void start(Funkhaus funkhaus) throws IOException, InterruptedException {
    System.out.println("▸ Service");
    double seconds = funkhaus.up();
    if (!funkhaus.hasClassCache()) {
      System.out.printf("  · ready after %.1f s, without a class cache%n", seconds);
      funkhaus.down();
      seconds = funkhaus.up();
    }
    if (!funkhaus.hasClassCache()) {
      System.out.println("  ! without a class cache, and slower for it; see bench-down.log");
    }
    System.out.printf("  · ready after %.1f s%n", seconds);
  }

  private static Section measure(Measurement measurement, Lab lab, Funkhaus funkhaus)
      throws IOException, InterruptedException {
    System.out.println("▸ " + measurement.title());
    long began = System.nanoTime();
    Section section;
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Section> running = thread.submit(() -> measurement.run(lab));
      try {
        section = running.get(measurement.limit().toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException failed) {
        Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
        section = failed(measurement, String.valueOf(cause.getMessage()));
        cause.printStackTrace(System.err);
      } catch (TimeoutException late) {
        running.cancel(true);
        section = failed(measurement, "not done after " + measurement.limit().toSeconds() + " s");
      }
    }
    System.out.print(new Report("", "", Map.of(), List.of(section)).summary());
    System.out.printf("  · %d s%n", (System.nanoTime() - began) / 1_000_000_000);
    if (!measurement.name().equals("jmh") && !funkhaus.ready()) {
      System.out.println("  · the service is not ready; starting it again");
      funkhaus.close();
      funkhaus.up();
    }
    return section;
  }

  private static Section failed(Measurement measurement, String reason) {
    return Section.failed(measurement.name(), measurement.title(), reason);
  }

  /** Ends with 1 when a measurement failed; a goal that was missed is a result, no failure. */
  private int report(Map<String, String> machine, List<Section> sections) throws IOException {
    Report report = new Report(DATE.format(clock.instant()), options.kind(), machine, sections);
    Path numbers = raw.resolve(FILE.format(clock.instant()) + ".json");
    report.writeRaw(numbers);
    Path page =
        options.whole()
            ? options.root().resolve("docs/benchmarks.md")
            : raw.resolve("benchmarks.md");
    Path images =
        options.whole() ? options.root().resolve("docs/images/bench") : raw.resolve("images");
    report.write(page, images);
    System.out.println();
    System.out.print(report.summary());
    System.out.printf("%n  Report: %s%n  Raw numbers: %s%n", page, numbers);
    return sections.stream().anyMatch(Section::isFailed) ? 1 : 0;
  }
}
