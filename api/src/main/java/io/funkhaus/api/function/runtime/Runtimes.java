package io.funkhaus.api.function.runtime;

import io.funkhaus.api.function.configuration.FunctionConfiguration;
import io.funkhaus.api.function.configuration.Handler;
import io.funkhaus.api.function.configuration.PlatformLimits;
import io.funkhaus.api.function.configuration.RunSettings;
import io.funkhaus.api.function.configuration.RuntimeName;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.RuntimeCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;

/** Which runtimes there are, and which of them functions can have here. */
@Service
public class Runtimes {
  /** What this release has sandbox images for, newest of each language first. */
  private static final List<String> KNOWN = List.of("nodejs22.x", "nodejs20.x", "python3.11");

  private static final Handler SAMPLE_HANDLER = new Handler("index.handler");

  private final RuntimeCatalog catalog;
  private final PlatformLimits limits;

  Runtimes(RuntimeCatalog catalog, PlatformLimits limits) {
    this.catalog = catalog;
    this.limits = limits;
  }

  /** The language a runtime runs, which decides about samples and editors. */
  public enum Language {
    NODEJS,
    PYTHON,
    OTHER;

    static Language of(String runtime) {
      if (runtime.startsWith("nodejs")) {
        return NODEJS;
      }
      return runtime.startsWith("python") ? PYTHON : OTHER;
    }

    /** As the API writes it. */
    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** What there is: the known ones, available or not, and whatever else has an image here. */
  public List<RuntimeView> list() {
    List<RuntimeView> views = new ArrayList<>();
    for (LanguageRuntime available : catalog.all()) {
      views.add(view(available.name(), available.architecture(), true));
    }
    Architecture host = hostArchitecture();
    for (String name : KNOWN) {
      if (catalog.find(name, host).isEmpty()) {
        views.add(view(name, host, false));
      }
    }
    return views;
  }

  /** The handler that the samples of a runtime have. */
  public Handler sampleHandler() {
    return SAMPLE_HANDLER;
  }

  /** The architecture of a function that does not ask for one: one that has the runtime. */
  public Architecture defaultArchitecture(RuntimeName runtime) {
    return architecturesOf(runtime).stream().findFirst().orElse(hostArchitecture());
  }

  /** Refuses what this installation could accept but never run. */
  public void check(FunctionConfiguration configuration) {
    RuntimeName runtime = configuration.runtime();
    Architecture architecture = configuration.architecture();
    if (catalog.find(runtime.value(), architecture).isEmpty()) {
      throw unavailable(runtime, architecture);
    }
    checkRun(configuration.run());
    int budget = limits.memoryBudgetMegabytes();
    int memory = configuration.memory().megabytes();
    if (memory > budget) {
      throw new InvalidValueException(
          "memory",
          memory,
          "memory must be at most "
              + budget
              + " MB here, was "
              + memory
              + ": that is all the memory this installation gives to functions, and whoever runs it can raise it");
    }
  }

  private void checkRun(RunSettings run) {
    String isolation = RunSettings.word(run.isolation());
    refuseIf(limits.missingFor(run.isolation()), "isolation", isolation);
    refuseIf(limits.missingFor(run.onDisconnect()), "onDisconnect", run.onDisconnect().word());
  }

  private static void refuseIf(Optional<String> missing, String field, String value) {
    missing.ifPresent(what -> {
      throw new InvalidValueException(
          field, value, field + " " + value + " is not available here: " + what);
    });
  }

  private InvalidValueException unavailable(RuntimeName runtime, Architecture architecture) {
    List<Architecture> elsewhere = architecturesOf(runtime);
    if (!elsewhere.isEmpty()) {
      return new InvalidValueException(
          "architecture",
          FunctionConfiguration.word(architecture),
          "no host here runs "
              + runtime
              + " on "
              + FunctionConfiguration.word(architecture)
              + "; it is available on "
              + elsewhere.stream()
                  .map(FunctionConfiguration::word)
                  .collect(Collectors.joining(", ")));
    }
    String available =
        catalog.all().stream()
            .map(LanguageRuntime::name)
            .distinct()
            .collect(Collectors.joining(", "));
    return new InvalidValueException(
        "runtime",
        runtime.value(),
        "runtime "
            + runtime
            + " is not available here; available: "
            + (available.isEmpty() ? "none, the sandbox images are not built" : available));
  }

  private List<Architecture> architecturesOf(RuntimeName runtime) {
    return catalog.all().stream()
        .filter(available -> available.name().equals(runtime.value()))
        .map(LanguageRuntime::architecture)
        .toList();
  }

  private Architecture hostArchitecture() {
    Optional<Architecture> ofAny =
        catalog.all().stream().map(LanguageRuntime::architecture).findFirst();
    return ofAny.orElse(Architecture.X86_64);
  }

  private static RuntimeView view(String name, Architecture architecture, boolean available) {
    return new RuntimeView(
        name,
        FunctionConfiguration.word(architecture),
        available,
        SAMPLE_HANDLER.value(),
        Language.of(name).word());
  }
}
