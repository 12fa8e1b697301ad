package io.funkhaus.api.metrics;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.problem.InvalidValueException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET …/metrics} of a function and of the tenant. */
@RestController
class MetricsController {
  private static final Duration USUAL_RANGE = Duration.ofHours(1);
  private static final Pattern STEP = Pattern.compile("([0-9]{1,8})([smhd]?)");

  private final Metrics metrics;
  private final FunctionTargets functions;
  private final InstantSource clock;

  MetricsController(Metrics metrics, FunctionTargets functions, InstantSource clock) {
    this.metrics = metrics;
    this.functions = functions;
    this.clock = clock;
  }

  /** The query as text; each may be missing. */
  record MetricsParameters(
      @Nullable String from, @Nullable String to, @Nullable String step, @Nullable String version) {

    MetricsQuery query(Optional<FunctionName> function, Instant now) {
      Instant end = to == null || to.isEmpty() ? now : instant("to", to);
      Instant start =
          from == null || from.isEmpty() ? end.minus(USUAL_RANGE) : instant("from", from);
      return new MetricsQuery(
          function,
          Optional.ofNullable(version).filter(text -> !text.isEmpty()),
          start,
          end,
          step == null || step.isEmpty() ? MetricsQuery.usualStep(start, end) : duration(step));
    }

    private static Instant instant(String field, String text) {
      try {
        if (!text.startsWith("+") && !text.startsWith("-")) {
          return Instant.parse(text);
        }
      } catch (DateTimeParseException e) {
        // Refused below, like a year with a sign, which the database may not know.
      }
      throw new InvalidValueException(
          field, text, field + " must be a time like 2026-11-21T09:30:00Z, was " + text);
    }

    private static Duration duration(String text) {
      Matcher step = STEP.matcher(text);
      if (!step.matches()) {
        throw new InvalidValueException(
            "step",
            text,
            "step must be 1m, 5m, 1h, 1d or a number of seconds that is a multiple of 60, was "
                + text);
      }
      long amount = Long.parseLong(step.group(1));
      return switch (step.group(2)) {
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        case "d" -> Duration.ofDays(amount);
        default -> Duration.ofSeconds(amount);
      };
    }
  }

  @GetMapping("/api/v1/metrics")
  MetricsView ofTenant(
      Caller caller, @ParameterObject @ModelAttribute MetricsParameters parameters) {
    return metrics.query(caller, parameters.query(Optional.empty(), clock.instant()));
  }

  @GetMapping("/api/v1/functions/{name}/metrics")
  MetricsView ofFunction(
      Caller caller,
      @PathVariable String name,
      @ParameterObject @ModelAttribute MetricsParameters parameters) {
    FunctionName function = new FunctionName(name);
    functions.resolve(caller.requireFull().tenant(), caller.account(), function, Qualifier.DRAFT);
    return metrics.query(caller, parameters.query(Optional.of(function), clock.instant()));
  }
}
