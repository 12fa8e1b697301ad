package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.LogListener;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Outcome.Phase;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.engine.ContainerLimits;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.sandbox.Sandbox.State;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The start of one sandbox: first its language runtime boots, then, once, it gets a function.
 * Called by the thread that launches it and by the one that specialises it, one after the other.
 *
 * <p>What must not be broken: it is idle only once code, limits and module are in place.
 */
final class SandboxStart {
  private static final Pattern PROTOCOL_1 = Pattern.compile("\"protocol\"\\s*:\\s*1\\b");

  private static final int LONGEST_SAID_BYTES = 500;

  private final SandboxParts parts;
  private final SandboxEnd end;

  SandboxStart(SandboxParts parts, SandboxEnd end) {
    this.parts = parts;
    this.end = end;
  }

  /** Watches log and control, and waits until the language runtime has booted. */
  void boot(SocketChannel logSocket, Duration limit) throws IOException {
    Turn turn = begin(limit); // first of all: from here on it is ended when it takes too long
    try {
      watch(logSocket);
      awaitHello();
    } catch (IOException | ProtocolViolation e) {
      end.destroy(DestroyReason.START_FAILED);
      throw new IOException(
          "the language runtime did not boot: %s; it said: %s"
              .formatted(e.getMessage(), said(turn)),
          e);
    }
    parts.log().pass(turn.log);
    if (!parts.life().move(State.STARTING, State.STEM, parts.now())) {
      throw new IOException("the sandbox was destroyed while it booted");
    }
  }

  private void watch(SocketChannel logSocket) throws IOException {
    SocketWatcher watcher = parts.surroundings().watcher();
    watcher.add(logSocket, parts.log()::drain);
    parts.control().watch(watcher, end::controlEnded);
  }

  private Turn begin(Duration limit) {
    Turn turn = Turn.initialisation(parts.log().begin(LogListener.NONE), parts.now(), limit);
    parts.life().begin(turn);
    return turn;
  }

  private void awaitHello() throws IOException, ProtocolViolation {
    Frame frame = parts.channel().receive();
    if (frame.type() != FrameType.HELLO || frame.invocation() != 0) {
      throw new ProtocolViolation("HELLO was due, got " + frame.type());
    }
    if (!PROTOCOL_1.matcher(new String(frame.body(), StandardCharsets.UTF_8)).find()) {
      throw new ProtocolViolation("the image speaks another version of the protocol");
    }
  }

  private String said(Turn turn) {
    CapturedLog captured = parts.log().end(turn.log);
    int length = Math.min(captured.bytes().length, LONGEST_SAID_BYTES);
    return new String(captured.bytes(), 0, length, StandardCharsets.UTF_8).strip();
  }

  /**
   * Gives a sandbox that is being specialised its code, limits, environment and module.
   *
   * @param ready run before the sandbox can be taken for its first invocation
   * @return how it failed; empty when the sandbox is ready
   */
  Optional<Outcome> specialise(SandboxSpec spec, Path bundle, Duration limit, Runnable ready)
      throws IOException, EngineException {
    try {
      parts.directory().place(bundle);
      limit(spec);
    } catch (IOException | EngineException e) {
      end.destroy(DestroyReason.START_FAILED);
      throw e;
    }
    Turn turn = begin(limit);
    Optional<Outcome> failure = initialise(spec, turn);
    if (failure.isPresent()) {
      return failure;
    }
    ready.run();
    if (!parts.life().move(State.SPECIALISING, State.IDLE, parts.now())) {
      return Optional.of(end.ended(turn));
    }
    parts.log().pass(turn.log);
    return Optional.empty();
  }

  /** Before the first instruction of its code. */
  private void limit(SandboxSpec spec) throws EngineException {
    Sandbox.Surroundings surroundings = parts.surroundings();
    ContainerLimits limits = ContainerLimits.of(spec.memoryMegabytes(), surroundings.hostCpus());
    if (!parts.group().limit(limits)) {
      surroundings.engineLimits().set(parts.container(), limits);
    }
    parts.diagnosis().limited(limits.memoryBytes());
  }

  private Optional<Outcome> initialise(SandboxSpec spec, Turn turn) {
    SandboxChannel channel = parts.channel();
    try {
      channel.send(
          FrameType.INIT, 0, InitBody.of(spec, parts.id(), parts.surroundings().clock().instant()));
      Frame frame = channel.receive();
      if (frame.invocation() == 0 && frame.type() == FrameType.READY) {
        return Optional.empty();
      }
      if (frame.invocation() == 0 && frame.type() == FrameType.INIT_ERROR) {
        ErrorBody.checkSize(frame.body());
        Report report = parts.diagnosis().report(turn);
        end.destroy(DestroyReason.INIT_FAILED);
        return Optional.of(new Outcome.HandlerFailed(frame.body(), Phase.INIT, report));
      }
      throw new ProtocolViolation("READY or INIT_ERROR was due, got " + frame.type());
    } catch (ProtocolViolation e) {
      return Optional.of(end.violated(e, turn));
    } catch (IOException e) {
      return Optional.of(end.ended(turn));
    }
  }
}
