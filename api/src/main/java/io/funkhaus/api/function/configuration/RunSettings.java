package io.funkhaus.api.function.configuration;

import io.funkhaus.api.problem.FieldErrors;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.Shown;
import io.funkhaus.scheduler.Isolation;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How sandboxes and callers are dealt with: the part of a configuration that has a usual value. */
public record RunSettings(
    Isolation isolation, SandboxConcurrency sandboxConcurrency, OnDisconnect onDisconnect) {
  public static final RunSettings DEFAULT =
      new RunSettings(Isolation.CONTAINER, SandboxConcurrency.DEFAULT, OnDisconnect.FINISH);

  /** What of it is to change; empty stays as it is. */
  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // "leave it" is a value here
  public record Change(
      Optional<Isolation> isolation,
      Optional<SandboxConcurrency> sandboxConcurrency,
      Optional<OnDisconnect> onDisconnect) {
    public static final Change NONE =
        new Change(Optional.empty(), Optional.empty(), Optional.empty());

    /** From the words of the API, each of which may be missing. */
    public static Change read(
        @Nullable String isolation,
        @Nullable Integer sandboxConcurrency,
        @Nullable String onDisconnect,
        FieldErrors errors) {
      return new Change(
          Optional.ofNullable(isolation)
              .flatMap(word -> errors.check(() -> RunSettings.isolation(word))),
          Optional.ofNullable(sandboxConcurrency)
              .flatMap(count -> errors.check(() -> new SandboxConcurrency(count))),
          Optional.ofNullable(onDisconnect)
              .flatMap(word -> errors.check(() -> OnDisconnect.parse(word))));
    }
  }

  public RunSettings with(Change change) {
    return new RunSettings(
        change.isolation().orElse(isolation),
        change.sandboxConcurrency().orElse(sandboxConcurrency),
        change.onDisconnect().orElse(onDisconnect));
  }

  /** The isolation as the API and the tables write it. */
  public static String word(Isolation isolation) {
    return isolation.name().toLowerCase(Locale.ROOT);
  }

  public static Isolation isolation(String word) {
    for (Isolation known : Isolation.values()) {
      if (word(known).equals(word)) {
        return known;
      }
    }
    throw new InvalidValueException(
        "isolation",
        Shown.of(word),
        "isolation must be container or gvisor, was " + Shown.of(word));
  }
}
