package io.funkhaus.scheduler.engine;

import io.funkhaus.scheduler.engine.EngineException.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an engine's runtime for isolation {@code gvisor} must be like. Asked when a function wants
 * that isolation, and again before each container of that kind: the operator may have changed it.
 *
 * <p>What must not be broken: a runtime that leaves control groups alone is refused, because a
 * function on it could take all of the host's memory.
 */
public final class GvisorRuntime {
  /** By this name the engine has it. */
  public static final String NAME = "runsc";

  private static final Set<String> OPENS_SOCKETS =
      Set.of("--host-uds=open", "--host-uds=all", "--fsgofer-host-uds", "--fsgofer-host-uds=true");
  private static final Set<String> WITHOUT_LIMITS =
      Set.of("--ignore-cgroups", "--ignore-cgroups=true");
  private static final String NETWORK = "--network=none";

  private GvisorRuntime() {}

  /** Why a function cannot have it; empty when it can. */
  public static Optional<String> missing(EngineInfo engine) {
    List<String> arguments = engine.runtimes().get(NAME);
    if (arguments == null) {
      return Optional.of("the container engine has no runtime " + NAME);
    }
    if (arguments.stream().anyMatch(WITHOUT_LIMITS::contains)) {
      return Optional.of(
          "the container engine's runtime %s is set to --ignore-cgroups, so that nothing would limit a function's memory; the operator can take that argument away"
              .formatted(NAME));
    }
    if (arguments.stream().noneMatch(OPENS_SOCKETS::contains)) {
      return Optional.of(lacks("--host-uds=open", "a sandbox cannot be reached"));
    }
    if (!arguments.contains(NETWORK)) {
      return Optional.of(lacks(NETWORK, "a sandbox would have the network of its host"));
    }
    return Optional.empty();
  }

  /** Refuses where a function cannot have it now. */
  public static void require(EngineInfo engine) throws EngineException {
    Optional<String> missing = missing(engine);
    if (missing.isPresent()) {
      throw new EngineException(Kind.NO_SUCH_WALL, missing.get());
    }
  }

  private static String lacks(String argument, String otherwise) {
    return "the container engine's runtime %s lacks the argument %s, without which %s; the operator can add it"
        .formatted(NAME, argument, otherwise);
  }
}
