package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Outcome.Phase;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * Finds out, for one sandbox, what its invocations have used and why it has ended. Looks only:
 * changes nothing.
 */
final class Diagnosis {
  private static final int KILLED = 256 + 9;

  /** The kernel counts in batches: a limit that was reached may read as a little less. */
  private static final long NEARLY_BYTES = 1 << 20;

  private final Sandbox.Identity identity;
  private final Ticker ticker;
  private final Predicate<String> engineSays;
  private final Control control;
  private final LogCapture log;
  private final ControlGroup group;

  private volatile long killsAtEnd = ControlGroup.UNKNOWN_COUNT;
  private volatile long killsSeen;
  private volatile long memoryBytes = Long.MAX_VALUE;

  /**
   * @param engineSays whether the kernel killed a process of a container for its memory; asked when
   *     the kernel's files do not tell
   */
  Diagnosis(
      Sandbox.Identity identity,
      Ticker ticker,
      Predicate<String> engineSays,
      Control control,
      LogCapture log,
      ControlGroup group) {
    this.identity = identity;
    this.ticker = ticker;
    this.engineSays = engineSays;
    this.control = control;
    this.log = log;
    this.group = group;
  }

  /** From now on it may use so much. */
  void limited(long newMemoryBytes) {
    memoryBytes = newMemoryBytes;
  }

  /** What is known of a turn that is over now. */
  Report report(Turn turn) {
    long nanos = ticker.nanos() - turn.started;
    long peak = group.peakBytes();
    noteKilledChild(peak);
    CapturedLog captured = log.end(turn.log);
    Waited waited = turn.waited;
    return turn.phase == Phase.RUN
        ? new Report(
            waited.queueNanos(),
            waited.initNanos(),
            nanos,
            turn.cold,
            peak,
            captured,
            identity.id())
        : new Report(waited.queueNanos(), nanos, 0, true, peak, captured, identity.id());
  }

  /** For a sandbox in which nothing has run. */
  Report emptyReport() {
    return new Report(0, 0, 0, true, ControlGroup.UNKNOWN_COUNT, CapturedLog.EMPTY, identity.id());
  }

  /**
   * The kernel killed a process of the function and the function went on: its log says so. Looked
   * for only when memory was full, because only then it happens.
   */
  private void noteKilledChild(long peak) {
    if (peak < memoryBytes - NEARLY_BYTES) {
      return;
    }
    long kills = group.kills();
    if (kills <= killsSeen) {
      return;
    }
    killsSeen = kills;
    log.note(
        "A process of this function was killed: the sandbox reached its memory limit of %d MB.%n"
            .formatted(memoryBytes >> 20)
            .getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a process of it was killed: what is left of it cannot be relied on. */
  boolean tainted() {
    return killsSeen > 0;
  }

  /** Its control connection has ended: the kernel's files are about to go. */
  void controlEnded() {
    killsAtEnd = group.kills();
  }

  /** Why the channel has ended, where nobody of ours has ended it. Waits for the exit status. */
  DestroyReason whyEnded() {
    int status = control.awaitEnd();
    if (killedForMemory(status)) {
      return DestroyReason.OUT_OF_MEMORY;
    }
    return status == Control.UNKNOWN ? DestroyReason.LOST : DestroyReason.EXITED;
  }

  private boolean killedForMemory(int status) {
    if (status != KILLED && status != Control.UNKNOWN) {
      return false;
    }
    long kills = Math.max(killsAtEnd, group.kills());
    return kills == ControlGroup.UNKNOWN_COUNT
        ? engineSays.test(identity.container())
        : kills > killsSeen;
  }

  /**
   * How a turn has ended whose sandbox was destroyed for this reason.
   *
   * @param expired whether it is the turn that took too long
   */
  Outcome ending(DestroyReason why, Turn turn, boolean expired) {
    Report report = report(turn);
    Phase phase = turn.phase;
    return switch (why) {
      case TIMED_OUT, INIT_TIMED_OUT ->
          expired
              ? new Outcome.TimedOut(phase, report)
              : new Outcome.SandboxLost(
                  "another invocation of its sandbox ran out of time, which ended all of them",
                  report);
      case OUT_OF_MEMORY -> new Outcome.OutOfMemory(phase, report);
      case EXITED, INIT_FAILED -> new Outcome.Exited(control.statusNow(), phase, report);
      case SHUTDOWN -> new Outcome.Cancelled("the platform is shutting down", report);
      case CANCELLED, RETIRED, IDLE, TOO_OLD, EVICTED ->
          new Outcome.Cancelled("the sandbox was taken away: " + why, report);
      case PROTOCOL_VIOLATED ->
          new Outcome.SandboxLost("the sandbox broke its protocol in another invocation", report);
      case LOST, START_FAILED ->
          new Outcome.SandboxLost("the container was killed from outside", report);
      case PLATFORM_FAILED ->
          new Outcome.SandboxLost("another invocation of its sandbox failed on our side", report);
    };
  }
}
