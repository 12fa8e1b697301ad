package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.sandbox.Sandbox.State;
import java.io.IOException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of one sandbox: what ends it, what is done then, and what becomes of the turns that ended
 * with it. Called by whoever starts or uses the sandbox, and by the threads that watch its
 * deadlines and its connections.
 *
 * <p>What must not be broken: a sandbox is disposed of exactly once, by the caller whose reason
 * {@link Lifecycle} took.
 */
final class SandboxEnd {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxEnd.class);

  private final Sandbox sandbox;
  private final SandboxParts parts;
  private final SandboxChannel channel;
  private final Lifecycle life;

  SandboxEnd(Sandbox sandbox, SandboxParts parts) {
    this.sandbox = sandbox;
    this.parts = parts;
    this.channel = parts.channel();
    this.life = parts.life();
  }

  /** False when it was destroyed already. */
  boolean destroy(DestroyReason why) {
    if (!life.end(why)) {
      return false;
    }
    dispose(why);
    return true;
  }

  /** False when others run in it, or it was destroyed already. */
  boolean destroyAlone(DestroyReason why) {
    if (!life.endAlone(why)) {
      return false;
    }
    dispose(why);
    return true;
  }

  /** Ends it for a caller that went away, unless others run in it. */
  boolean giveUp() {
    return destroyAlone(DestroyReason.CANCELLED);
  }

  /** Destroys it when a deadline has passed, and warns it shortly before. */
  void expire(long now) {
    DestroyReason why = life.expire(now);
    if (why != null) {
      dispose(why);
    } else if (life.warn(now)) {
      parts.control().warn();
    }
  }

  /** Nobody uses an idle sandbox's channel, so nobody else would notice its end. */
  void controlEnded(int status) {
    parts.diagnosis().controlEnded();
    parts.control().ended(status);
    State state = life.state();
    if (state == State.IDLE || state == State.STEM) {
      destroy(status == Control.UNKNOWN ? DestroyReason.LOST : DestroyReason.EXITED);
    }
  }

  /**
   * Without control, init kills everything at once, unless it is frozen; without the channel,
   * whoever waits is woken.
   */
  private void dispose(DestroyReason why) {
    LOG.info(
        "event=sandbox_destroyed sandbox={} spec={} reason={}", parts.id(), sandbox.spec(), why);
    parts.freezer().thaw();
    try (channel) {
      parts.control().close();
    } catch (IOException e) {
      LOG.warn("event=sandbox_close_failed sandbox={} error={}", parts.id(), e.toString());
    }
    Sandbox.Surroundings surroundings = parts.surroundings();
    surroundings.watcher().forgetClosed();
    surroundings.onDestroyed().accept(sandbox);
    surroundings
        .remover()
        .remove(
            new Remains(parts.id(), parts.container(), this::tidy, parts.identity().whenGone()));
  }

  /** Gives back what is left once its container is gone. */
  private void tidy() throws IOException {
    parts.log().close();
    parts.group().close();
    parts.surroundings().watcher().forgetClosed();
    parts.directory().delete();
  }

  // ---- turns that end with it ----

  /** What it sent is not what its protocol allows. */
  Outcome violated(ProtocolViolation what, Turn turn) {
    LOG.warn("event=protocol_violated sandbox={} detail=\"{}\"", parts.id(), what.getMessage());
    destroy(DestroyReason.PROTOCOL_VIOLATED);
    return new Outcome.SandboxLost(
        "the sandbox broke its protocol: " + what.getMessage(), parts.diagnosis().report(turn));
  }

  /** The caller's interrupt has done its work; it must not end the reading of the log as well. */
  Outcome cancelled(Turn turn) {
    boolean interrupted = Thread.interrupted();
    destroy(DestroyReason.CANCELLED);
    Report report = parts.diagnosis().report(turn);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new Outcome.Cancelled("the caller went away", report);
  }

  /** The channel is gone: finds out why. */
  Outcome ended(Turn turn) {
    DestroyReason known = life.reason();
    if (known == null) {
      DestroyReason found = parts.diagnosis().whyEnded();
      destroy(found);
      known = Objects.requireNonNullElse(life.reason(), found);
    }
    return parts.diagnosis().ending(known, turn, life.expired(turn));
  }
}
