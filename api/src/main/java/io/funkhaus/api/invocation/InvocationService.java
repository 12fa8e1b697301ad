package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.connection.CallerWatch;
import io.funkhaus.api.function.configuration.OnDisconnect;
import io.funkhaus.api.function.resolution.Target;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.recording.InvocationRecord;
import io.funkhaus.api.recording.InvocationRecorder;
import io.funkhaus.api.recording.InvocationStart;
import io.funkhaus.api.recording.RecordingException;
import io.funkhaus.api.recording.Trigger;
import io.funkhaus.scheduler.Invocation;
import io.funkhaus.scheduler.Invoker;
import io.funkhaus.scheduler.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/**
 * Runs a function for a caller: resolves, checks the payload, hands it to the scheduler, keeps the
 * record. Called by the controller on the request's virtual thread; no step asks the database.
 */
public final class InvocationService {
  private static final byte[] NO_CONTEXT = new byte[0];
  private static final Duration JOURNAL_RETRY = Duration.ofSeconds(5);

  private final InvocationTargets targets;
  private final Invoker invoker;
  private final InvocationRecorder recorder;
  private final InstantSource clock;
  private final CallerWatch callers;
  private final RunningInvocations running;

  InvocationService(
      InvocationTargets targets,
      Invoker invoker,
      InvocationRecorder recorder,
      InstantSource clock,
      CallerWatch callers,
      RunningInvocations running) {
    this.targets = targets;
    this.invoker = invoker;
    this.recorder = recorder;
    this.clock = clock;
    this.callers = callers;
    this.running = running;
  }

  /**
   * Blocks until the function has ended, however it ended; the record is kept when this returns.
   *
   * @throws ProblemException when nothing could be started, or the record could not be kept
   */
  public InvocationResult invoke(InvocationRequest request) {
    refuseWhenNothingCanBeKept();
    Target target = targets.resolve(request.caller(), request.function(), request.qualifier());
    JsonText.requireWellFormed(request.payload());
    RunningInvocations.Running self = running.enter(request, target, clock.instant());
    try {
      return runAndKeep(self);
    } finally {
      // Not before its record is kept: whoever asks finds it here or there.
      running.leave(self);
    }
  }

  private InvocationResult runAndKeep(RunningInvocations.Running self) {
    InvocationRequest request = self.request();
    InvocationStart start = Records.start(self);
    int mark = recorder.begin(start);
    Outcome outcome;
    InvocationRecord record;
    boolean ended = false;
    try {
      outcome =
          run(
              self.target(),
              request,
              new Invocation(request.requestId(), request.payload(), NO_CONTEXT, request.log()));
      record = Records.of(start, outcome, request, self.target().spec());
      ended = true;
    } finally {
      if (!ended) { // its caller is told what failed: it was not interrupted
        recorder.end(mark);
      }
    }
    keep(record);
    recorder.end(mark);
    return new InvocationResult(outcome, record);
  }

  private Outcome run(Target target, InvocationRequest request, Invocation invocation) {
    if (target.onDisconnect() == OnDisconnect.FINISH) {
      return invoker.invoke(target.spec(), invocation);
    }
    CallerWatch.Watched watched = callers.enter(request.connection().get());
    try {
      return invoker.invoke(target.spec(), invocation);
    } finally {
      callers.leave(watched);
    }
  }

  /** What made the call. */
  static Trigger trigger(InvocationRequest request) {
    return switch (request.caller().actor()) {
      case Actor.Key key -> Trigger.API;
      case Actor.User user -> Trigger.CONSOLE;
    };
  }

  private void refuseWhenNothingCanBeKept() {
    Optional<String> refusal = recorder.refusal();
    if (refusal.isPresent()) {
      throw new ProblemException(
              HttpStatus.SERVICE_UNAVAILABLE,
              "InvocationRefused",
              "Refused",
              "Nothing is run at the moment, because it could not be recorded: "
                  + refusal.get()
                  + ".")
          .with("limit", "journal")
          .retryAfter(JOURNAL_RETRY);
    }
  }

  private void keep(InvocationRecord record) {
    try {
      recorder.record(record);
    } catch (RecordingException e) {
      throw new ProblemException(
          HttpStatus.SERVICE_UNAVAILABLE,
          "RecordingFailed",
          "Not recorded",
          "The function ran and ended as "
              + record.status().text()
              + ", but "
              + e.getMessage()
              + ". Its result is withheld, because an answered invocation is always on the list.");
    }
  }
}
