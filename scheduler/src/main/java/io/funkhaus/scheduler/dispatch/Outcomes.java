package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.sandbox.Waited;

/** Endings that are not made by a sandbox itself. */
final class Outcomes {
  private static final Report NO_SANDBOX = new Report(0, 0, 0, false, -1, CapturedLog.EMPTY, "");

  private Outcomes() {}

  static Outcome cancelledWhileWaiting() {
    return new Outcome.Cancelled("the caller went away before a sandbox was there", NO_SANDBOX);
  }

  static Outcome noneSurvived(int tries) {
    return new Outcome.SandboxLost(
        tries + " sandboxes in a row ended before the invocation could begin", NO_SANDBOX);
  }

  /** The same failed start, as one of those who waited for it has seen it. */
  static Outcome seenBy(Outcome outcome, Waited waited) {
    return switch (outcome) {
      case Outcome.HandlerFailed(var error, var phase, var report) ->
          new Outcome.HandlerFailed(error, phase, with(report, waited));
      case Outcome.TimedOut(var phase, var report) ->
          new Outcome.TimedOut(phase, with(report, waited));
      case Outcome.OutOfMemory(var phase, var report) ->
          new Outcome.OutOfMemory(phase, with(report, waited));
      case Outcome.Exited(var status, var phase, var report) ->
          new Outcome.Exited(status, phase, with(report, waited));
      case Outcome.SandboxLost(var reason, var report) ->
          new Outcome.SandboxLost(reason, with(report, waited));
      case Outcome.Cancelled(var reason, var report) ->
          new Outcome.Cancelled(reason, with(report, waited));
      case Outcome.Succeeded succeeded -> succeeded;
      case Outcome.ResponseTooLarge tooLarge -> tooLarge;
      case Outcome.Refused refused -> refused;
    };
  }

  private static Report with(Report report, Waited waited) {
    return new Report(
        waited.queueNanos(),
        waited.initNanos(),
        report.runNanos(),
        report.coldStart(),
        report.peakMemoryBytes(),
        report.log(),
        report.sandboxId());
  }
}
