package io.funkhaus.api.function.runtime;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.configuration.MemorySize;
import io.funkhaus.api.function.configuration.OnDisconnect;
import io.funkhaus.api.function.configuration.PlatformLimits;
import io.funkhaus.api.function.configuration.RunSettings;
import io.funkhaus.api.function.configuration.SandboxConcurrency;
import io.funkhaus.scheduler.Isolation;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/installation}: which settings of functions can be honoured here. */
@RestController
@Tag(name = "Runtimes", description = "The language environments of this installation")
class InstallationController {
  private final PlatformLimits limits;

  InstallationController(PlatformLimits limits) {
    this.limits = limits;
  }

  /**
   * What a function's settings may be here.
   *
   * @param maximumMemory in MB
   */
  record InstallationView(
      int maximumMemory,
      List<ChoiceView> isolation,
      int maximumSandboxConcurrency,
      List<ChoiceView> onDisconnect) {}

  /**
   * One value of a setting.
   *
   * @param unavailable why functions cannot have it here; null when they can
   */
  record ChoiceView(String value, @Nullable String unavailable) {
    static ChoiceView of(String value, Optional<String> missing) {
      return new ChoiceView(value, missing.orElse(null));
    }
  }

  @Operation(
      summary = "Read what this installation can honour",
      description =
          "The values that a function's settings may have here, and for those that it cannot have"
              + " the reason.")
  @GetMapping("/api/v1/installation")
  InstallationView get(Caller caller) {
    caller.requireFull();
    return new InstallationView(
        Math.min(MemorySize.MAX, limits.memoryBudgetMegabytes()),
        Stream.of(Isolation.values())
            .map(one -> ChoiceView.of(RunSettings.word(one), limits.missingFor(one)))
            .toList(),
        SandboxConcurrency.MAX,
        Stream.of(OnDisconnect.values())
            .map(one -> ChoiceView.of(one.word(), limits.missingFor(one)))
            .toList());
  }
}
