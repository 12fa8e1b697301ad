package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.Invocation;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Outcome.Phase;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.time.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The use of one sandbox: runs the invocations of the function that it was specialised for. Made
 * once its module is loaded; called by the threads that have taken the sandbox. This is the warm
 * path.
 *
 * <p>What must not be broken: however a run ends, its turn is given back or the sandbox is
 * destroyed.
 */
final class SandboxUse {
  private final SandboxSpec spec;
  private final SandboxEnd end;
  private final Exchange exchange;
  private final Lifecycle life;
  private final Control control;
  private final LogCapture log;
  private final ControlGroup group;
  private final Diagnosis diagnosis;
  private final Ticker ticker;
  private final InstantSource clock;
  private final AtomicBoolean fresh = new AtomicBoolean(true);

  SandboxUse(SandboxSpec spec, SandboxParts parts, SandboxEnd end) {
    this.spec = spec;
    this.end = end;
    this.exchange =
        spec.concurrency() == 1
            ? new SoloExchange(parts.channel(), parts.surroundings().polling())
            : new SharedExchange(parts.channel(), parts.id(), end::giveUp);
    this.life = parts.life();
    this.control = parts.control();
    this.log = parts.log();
    this.group = parts.group();
    this.diagnosis = parts.diagnosis();
    this.ticker = parts.surroundings().ticker();
    this.clock = parts.surroundings().clock();
  }

  /** Runs one invocation in the sandbox that the calling thread has taken. */
  Outcome run(Invocation invocation, Waited waited) {
    if (spec.concurrency() == 1) {
      group.reset();
    }
    Turn turn = begin(invocation, waited);
    try {
      return run(invocation, turn);
    } catch (ProtocolViolation e) {
      return end.violated(e, turn);
    } catch (ClosedByInterruptException e) {
      return end.cancelled(turn);
    } catch (IOException e) {
      return end.ended(turn);
    } catch (RuntimeException | Error e) {
      end.destroy(DestroyReason.PLATFORM_FAILED);
      throw e;
    }
  }

  private Turn begin(Invocation invocation, Waited waited) {
    boolean cold = fresh.get() && fresh.compareAndSet(true, false);
    LogCapture.Capture captured = log.begin(invocation.logListener());
    Turn turn = Turn.invocation(cold, waited, captured, ticker.nanos(), spec.timeout());
    life.begin(turn);
    return turn;
  }

  private Outcome run(Invocation invocation, Turn turn) throws IOException, ProtocolViolation {
    long deadlineMillis = clock.millis() + spec.timeout().toMillis();
    Frame frame =
        exchange.call(
            invokeHead(invocation, deadlineMillis),
            invocation.clientContext(),
            invocation.payload());
    return switch (frame.type()) {
      case RESULT -> succeeded(frame.body(), turn);
      case ERROR -> failed(frame.body(), turn);
      default -> throw new ProtocolViolation("RESULT or ERROR was due, got " + frame.type());
    };
  }

  private static byte[] invokeHead(Invocation invocation, long deadlineMillis) {
    return ByteBuffer.allocate(28)
        .putLong(invocation.requestId().getMostSignificantBits())
        .putLong(invocation.requestId().getLeastSignificantBits())
        .putLong(deadlineMillis)
        .putInt(invocation.clientContext().length)
        .array();
  }

  private Outcome succeeded(byte[] result, Turn turn) {
    Report report = diagnosis.report(turn);
    release(turn);
    return result.length > Sandbox.LARGEST_RESULT_BYTES
        ? new Outcome.ResponseTooLarge(result.length, report)
        : new Outcome.Succeeded(result, report);
  }

  private Outcome failed(byte[] json, Turn turn) throws ProtocolViolation {
    ErrorBody.checkSize(json);
    ErrorBody error = new ErrorBody(json);
    Report report = diagnosis.report(turn);
    if (error.fatal()) {
      end.destroy(DestroyReason.EXITED);
    }
    release(turn);
    return error.tooLarge()
        ? new Outcome.ResponseTooLarge(error.bytes(), report)
        : new Outcome.HandlerFailed(json, Phase.RUN, report);
  }

  /** The invocation is over: there is room for another, unless the sandbox was destroyed. */
  private void release(Turn turn) {
    if (diagnosis.tainted()) {
      end.destroyAlone(DestroyReason.OUT_OF_MEMORY);
    }
    if (life.free(turn, ticker.nanos()) && control.hasEnded()) {
      end.destroy(DestroyReason.EXITED);
    }
  }
}
