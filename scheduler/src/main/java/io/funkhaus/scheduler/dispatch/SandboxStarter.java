package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.CodeStore;
import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.RuntimeCatalog;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.dispatch.book.Refusals;
import io.funkhaus.scheduler.dispatch.book.StartFailure;
import io.funkhaus.scheduler.dispatch.policy.StartKind;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.GvisorRuntime;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.sandbox.ErrorBody;
import io.funkhaus.scheduler.sandbox.Sandbox;
import io.funkhaus.scheduler.stem.StemKind;
import io.funkhaus.scheduler.stem.StemPool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one sandbox to where it is ready: runtime, code, a stem, module. Runs on the dispatcher's
 * starting threads.
 */
final class SandboxStarter {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxStarter.class);

  /** It is set up as it must be, and yet the engine makes no container with it. */
  private static final String RUNTIME_FAILS =
      "the container engine has the runtime %s and starts nothing with it, the service's log has the reason"
          .formatted(GvisorRuntime.NAME);

  private static final int TRIES = 3;

  /**
   * How often what was killed while its module was loaded is made good for: once, since a module
   * could be behind it.
   */
  private static final int LOSSES = 1;

  private final StemPool stems;
  private final RuntimeCatalog runtimes;
  private final CodeStore code;
  private final Duration initLimit;

  /**
   * @param initLimit until the function's module is loaded
   */
  SandboxStarter(StemPool stems, RuntimeCatalog runtimes, CodeStore code, Duration initLimit) {
    this.stems = stems;
    this.runtimes = runtimes;
    this.code = code;
    this.initLimit = initLimit;
  }

  /** How a start ended. */
  sealed interface Result {
    record Ready(Sandbox sandbox, StartKind kind) implements Result {}

    record Failed(StartFailure failure) implements Result {}
  }

  /**
   * @param hasStem told once it has got its container: what is left is the function's own time
   * @param whenGone told, exactly once, when nothing is left of the attempt or of the sandbox
   */
  Result start(SandboxSpec spec, Runnable hasStem, Runnable whenGone) {
    try (StemPool.Taking taking = stems.taking(whenGone)) {
      Optional<LanguageRuntime> runtime = runtimes.find(spec.runtime(), spec.architecture());
      if (runtime.isEmpty()) {
        return refused(spec, Refusals.runtimeUnavailable(spec), "no such runtime");
      }
      Path bundle;
      try {
        bundle = code.directory(spec.tenant(), spec.code());
      } catch (IOException e) {
        return refused(spec, Refusals.codeUnavailable(spec), e.toString());
      }
      return start(spec, new StemKind(runtime.get(), spec.isolation()), bundle, taking, hasStem);
    }
  }

  private Result start(
      SandboxSpec spec, StemKind kind, Path bundle, StemPool.Taking taking, Runnable hasStem) {
    int losses = 0;
    try {
      for (int i = 0; i < TRIES; i++) {
        StartKind from = stems.ready(kind) > 0 ? StartKind.STEM : StartKind.NOTHING;
        Sandbox stem = taking.next(kind);
        hasStem.run();
        Optional<Outcome> failure = specialise(stem, spec, bundle);
        if (failure.isEmpty()) {
          LOG.info(
              "event=sandbox_ready sandbox={} container={} spec={}",
              stem.id(),
              stem.container(),
              spec);
          return new Result.Ready(stem, from);
        }
        if (stem.spec() != null && (!lost(stem) || ++losses > LOSSES)) {
          return new Result.Failed(new StartFailure.Init(failure.get(), summary(failure.get())));
        }
      }
      return refused(
          spec, Refusals.sandboxBroken(spec), TRIES + " stems died when they were taken");
    } catch (EngineException e) {
      return refused(spec, refusal(spec, e), e.getMessage());
    } catch (CodeNotPlaced e) {
      return refused(spec, Refusals.codeUnavailable(spec), e.getMessage());
    } catch (IOException e) {
      return refused(spec, Refusals.sandboxBroken(spec), e.getMessage());
    }
  }

  /** No invocation has run in it, so that another one may take its place. */
  private static boolean lost(Sandbox stem) {
    return stem.destroyReason() == DestroyReason.LOST;
  }

  private static Refusal refusal(SandboxSpec spec, EngineException e) {
    return switch (e.kind()) {
      case NO_SUCH_WALL -> Refusals.isolationUnavailable(spec, String.valueOf(e.getMessage()));
      case REFUSED ->
          spec.isolation() == Isolation.GVISOR
              ? Refusals.isolationUnavailable(spec, RUNTIME_FAILS)
              : Refusals.engineUnavailable();
      case UNAVAILABLE, NOT_FOUND -> Refusals.engineUnavailable();
    };
  }

  private Optional<Outcome> specialise(Sandbox stem, SandboxSpec spec, Path bundle)
      throws EngineException, CodeNotPlaced {
    try {
      return stem.specialise(spec, bundle, initLimit);
    } catch (IOException e) {
      throw new CodeNotPlaced(e);
    } catch (RuntimeException | StackOverflowError e) {
      stem.destroy(DestroyReason.START_FAILED);
      throw e;
    }
  }

  /** The function's files could not be put into its sandbox. */
  private static final class CodeNotPlaced extends IOException {
    private static final long serialVersionUID = 1L;

    CodeNotPlaced(IOException cause) {
      super(cause.toString(), cause);
    }
  }

  /** The caller gets the refusal, the operator's log the detail. */
  private static Result refused(SandboxSpec spec, Refusal refusal, @Nullable String detail) {
    LOG.warn("event=start_failed spec={} limit={} detail=\"{}\"", spec, refusal.limit(), detail);
    return new Result.Failed(new StartFailure.Platform(refusal));
  }

  private String summary(Outcome outcome) {
    return switch (outcome) {
      case Outcome.HandlerFailed failed -> new ErrorBody(failed.error()).summary();
      case Outcome.TimedOut timedOut ->
          "its module was not loaded within %d ms".formatted(initLimit.toMillis());
      case Outcome.OutOfMemory outOfMemory -> "it ran out of memory while its module was loaded";
      case Outcome.Exited exited ->
          "its process ended with status %d while its module was loaded"
              .formatted(exited.exitStatus());
      case Outcome.SandboxLost lost -> lost.reason();
      case Outcome.Cancelled cancelled -> cancelled.reason();
      case Outcome.Succeeded succeeded -> throw new IllegalArgumentException("not a failure");
      case Outcome.ResponseTooLarge tooLarge -> throw new IllegalArgumentException("not a failure");
      case Outcome.Refused refusal -> refusal.refusal().message();
    };
  }
}
