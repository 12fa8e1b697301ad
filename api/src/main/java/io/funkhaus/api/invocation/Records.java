package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.recording.FunctionError;
import io.funkhaus.api.recording.InvocationRecord;
import io.funkhaus.api.recording.InvocationRecord.Content;
import io.funkhaus.api.recording.InvocationRecord.Measures;
import io.funkhaus.api.recording.InvocationStart;
import io.funkhaus.api.recording.InvocationStatus;
import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.SandboxSpec;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the record of an invocation from how it began and ended. */
final class Records {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private Records() {}

  /** What is known of it when it is accepted. */
  static InvocationStart start(RunningInvocations.Running running) {
    InvocationRequest request = running.request();
    SandboxSpec spec = running.target().spec();
    AliasName alias = running.target().alias();
    return new InvocationStart(
        request.requestId(),
        request.caller().tenant(),
        new InvocationRecord.Target(
            spec.function(),
            spec.version(),
            alias == null ? null : alias.value(),
            spec.memoryMegabytes()),
        InvocationService.trigger(request),
        request.caller().actor() instanceof Actor.Key key ? Optional.of(key) : Optional.empty(),
        running.startedAt(),
        request.payload().length,
        running.count());
  }

  static InvocationRecord of(
      InvocationStart start, Outcome outcome, InvocationRequest request, SandboxSpec spec) {
    Ending ending = ending(outcome, request, spec);
    Report report = ending.report();
    return new InvocationRecord(
        start.requestId(),
        start.tenant(),
        start.target(),
        start.trigger(),
        start.key(),
        ending.status(),
        Optional.ofNullable(ending.error()),
        start.startedAt(),
        report == null ? Measures.NONE : measures(report),
        Content.of(request.payload()),
        outcome instanceof Outcome.Succeeded succeeded
            ? Content.of(succeeded.result())
            : Content.EMPTY,
        report == null ? CapturedLog.EMPTY : report.log(),
        start.concurrency());
  }

  private static Ending ending(Outcome outcome, InvocationRequest request, SandboxSpec spec) {
    return switch (outcome) {
      case Outcome.Succeeded o -> new Ending(InvocationStatus.SUCCEEDED, null, o.report());
      case Outcome.HandlerFailed o ->
          new Ending(
              o.phase() == Outcome.Phase.INIT
                  ? InvocationStatus.INIT_FAILED
                  : InvocationStatus.FAILED,
              ErrorJson.read(o.error()),
              o.report());
      case Outcome.TimedOut o ->
          new Ending(
              InvocationStatus.TIMED_OUT,
              new FunctionError(
                  "Sandbox.Timedout",
                  error(request)
                      + LogText.timedOut(spec.timeout())
                      + (o.phase() == Outcome.Phase.INIT ? " while it was starting" : "")),
              o.report());
      case Outcome.OutOfMemory o ->
          new Ending(
              InvocationStatus.OUT_OF_MEMORY,
              new FunctionError(
                  "Runtime.OutOfMemory",
                  error(request)
                      + "the function used all of its "
                      + spec.memoryMegabytes()
                      + " MB of memory"
                      + (o.phase() == Outcome.Phase.INIT ? " while it was starting" : "")
                      + "; give it more in its configuration"),
              o.report());
      case Outcome.Exited o ->
          new Ending(
              InvocationStatus.EXITED,
              new FunctionError("Runtime.ExitError", error(request) + exit(o.exitStatus())),
              o.report());
      case Outcome.ResponseTooLarge o ->
          new Ending(
              InvocationStatus.RESPONSE_TOO_LARGE,
              new FunctionError(
                  "Function.ResponseSizeTooLarge",
                  "Response payload size ("
                      + o.bytes()
                      + " bytes) exceeded maximum allowed payload size ("
                      + JsonText.MAX_BYTES
                      + " bytes)."),
              o.report());
      case Outcome.SandboxLost o ->
          new Ending(
              InvocationStatus.SANDBOX_LOST,
              new FunctionError(
                  "Sandbox.Lost", error(request) + "the sandbox was lost: " + o.reason()),
              o.report());
      case Outcome.Cancelled o ->
          new Ending(
              InvocationStatus.CANCELLED,
              new FunctionError("Invocation.Cancelled", error(request) + o.reason()),
              o.report());
      case Outcome.Refused o ->
          new Ending(
              InvocationStatus.REFUSED,
              new FunctionError(
                  "Refused." + o.refusal().limit().name().toLowerCase(Locale.ROOT),
                  o.refusal().message()),
              null);
    };
  }

  private static String error(InvocationRequest request) {
    return "RequestId: " + request.requestId() + " Error: ";
  }

  private static String exit(int status) {
    if (status == 0) {
      return "Runtime exited without providing a reason";
    }
    return status < 256
        ? "Runtime exited with error: exit status " + status
        : "Runtime exited with error: signal " + (status - 256);
  }

  private static Measures measures(Report report) {
    return new Measures(
        report.queueNanos() / 1_000,
        report.initNanos() / 1_000,
        report.runNanos() / 1_000,
        Math.ceilDiv(report.runNanos(), NANOS_PER_MILLI),
        report.coldStart(),
        report.peakMemoryBytes());
  }

  private record Ending(
      InvocationStatus status, @Nullable FunctionError error, @Nullable Report report) {}
}
