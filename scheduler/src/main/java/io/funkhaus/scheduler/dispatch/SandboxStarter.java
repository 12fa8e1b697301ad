package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.CodeStore;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.RuntimeCatalog;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.sandbox.ErrorBody;
import io.funkhaus.scheduler.sandbox.Sandbox;
import io.funkhaus.scheduler.sandbox.SandboxLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one sandbox from nothing to ready: runtime, code, container, module. Runs on the
 * dispatcher's starting threads.
 */
final class SandboxStarter {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxStarter.class);

  private final SandboxLauncher launcher;
  private final RuntimeCatalog runtimes;
  private final CodeStore code;
  private final StartLimits limits;

  SandboxStarter(
      SandboxLauncher launcher, RuntimeCatalog runtimes, CodeStore code, StartLimits limits) {
    this.launcher = launcher;
    this.runtimes = runtimes;
    this.code = code;
    this.limits = limits;
  }

  /** How a start ended. */
  sealed interface Result {
    record Ready(Sandbox sandbox, StartKind kind) implements Result {}

    record Failed(StartFailure failure) implements Result {}
  }

  /**
   * @param whenGone told, exactly once, when nothing is left of the attempt or of the sandbox
   */
  Result start(SandboxSpec spec, Runnable whenGone) {
    Optional<LanguageRuntime> runtime = runtimes.find(spec.runtime(), spec.architecture());
    if (runtime.isEmpty()) {
      whenGone.run();
      return refused(spec, Refusals.runtimeUnavailable(spec), "no such runtime");
    }
    Path bundle;
    try {
      bundle = code.directory(spec.tenant(), spec.code());
    } catch (IOException e) {
      whenGone.run();
      return refused(spec, Refusals.codeUnavailable(spec), e.toString());
    }
    try {
      Sandbox sandbox = launch(spec, runtime.get(), whenGone);
      return specialise(sandbox, spec, bundle);
    } catch (EngineException e) {
      return refused(spec, Refusals.engineUnavailable(), e.getMessage());
    } catch (IOException e) {
      return refused(spec, Refusals.sandboxBroken(spec), e.getMessage());
    }
  }

  private Sandbox launch(SandboxSpec spec, LanguageRuntime runtime, Runnable whenGone)
      throws EngineException, IOException {
    return launcher.launch(
        runtime,
        spec.memoryMegabytes(),
        new SandboxLauncher.Owner(spec.tenant(), spec.function(), spec.version()),
        limits.start(),
        whenGone);
  }

  private Result specialise(Sandbox sandbox, SandboxSpec spec, Path bundle) {
    Optional<Outcome> failure;
    try {
      failure = sandbox.specialise(spec, bundle, limits.init());
    } catch (IOException e) {
      return refused(spec, Refusals.codeUnavailable(spec), e.toString());
    }
    if (failure.isPresent()) {
      Outcome outcome = failure.get();
      return new Result.Failed(new StartFailure.Init(outcome, summary(outcome)));
    }
    LOG.info("event=sandbox_ready sandbox={} spec={}", sandbox.id(), spec);
    return new Result.Ready(sandbox, StartKind.NOTHING);
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
          "its module was not loaded within %d ms".formatted(limits.init().toMillis());
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

  /**
   * @param start until the language runtime has booted
   * @param init until the function's module is loaded
   */
  record StartLimits(Duration start, Duration init) {}
}
