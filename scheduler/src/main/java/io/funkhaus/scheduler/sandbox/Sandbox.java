package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.Invocation;
import io.funkhaus.scheduler.LogListener;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Outcome.Phase;
import io.funkhaus.scheduler.Report;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.engine.ContainerLimits;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.time.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One hardened container, from its first connection to its end. Made by {@link SandboxLauncher},
 * specialised once for one function version, lent by the dispatcher to one invocation at a time, or
 * to as many as its function asks for.
 *
 * <p>Its states are those of {@link Lifecycle}. What must not be broken: after it was destroyed it
 * is never used again, and {@code onDestroyed} is told exactly once.
 */
public final class Sandbox {
  private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);

  /** The largest result, in bytes, as Lambda has it. */
  public static final int LARGEST_RESULT_BYTES = 6_291_556;

  private static final int LARGEST_ERROR_BYTES = 256 * 1024;

  private static final Pattern PROTOCOL_1 = Pattern.compile("\"protocol\"\\s*:\\s*1\\b");

  /** Where a sandbox is in its life. */
  public enum State {
    STARTING,
    STEM,
    SPECIALISING,
    IDLE,
    BUSY,
    DESTROYED
  }

  /**
   * What a sandbox needs of its surroundings.
   *
   * @param hostCpus processors of the host
   * @param engineSays whether the kernel killed a process of a container for its memory; asked when
   *     the kernel's files do not tell
   * @param engineLimits sets the limits of a container where the kernel's files are not ours
   * @param freezing how a container's processes are stopped
   */
  record Surroundings(
      Ticker ticker,
      InstantSource clock,
      SocketWatcher watcher,
      int hostCpus,
      Predicate<String> engineSays,
      EngineLimits engineLimits,
      Function<String, Freezer.Means> freezing,
      Remover remover,
      Consumer<Sandbox> onDestroyed) {}

  /** The slow way of setting limits. */
  @FunctionalInterface
  interface EngineLimits {
    void set(String container, ContainerLimits limits) throws EngineException;
  }

  /** What is fixed about one sandbox before it has connected. */
  record Identity(String id, String container, Runnable whenGone) {}

  private final Identity identity;
  private final SandboxDirectory directory;
  private final Surroundings surroundings;
  private final SandboxChannel channel;
  private final Control control;
  private final LogCapture log;
  private final ControlGroup group;
  private final Diagnosis diagnosis;
  private final Freezer freezer;
  private final AtomicBoolean fresh = new AtomicBoolean(true);
  private final Lifecycle life = new Lifecycle();

  /** Written by the launching thread before the sandbox is handed over. */
  private volatile @Nullable SandboxSpec spec;

  /** Written by the launching thread before the sandbox is handed over. */
  private volatile @Nullable Exchange exchange;

  Sandbox(
      Identity identity,
      SandboxDirectory directory,
      Connections connections,
      Surroundings surroundings) {
    this.identity = identity;
    this.directory = directory;
    this.surroundings = surroundings;
    this.channel = new SandboxChannel(connections.channel());
    this.control = new Control(connections.control());
    this.log = new LogCapture(connections.log());
    this.group = ControlGroup.of(identity.container());
    this.diagnosis =
        new Diagnosis(
            identity, surroundings.ticker(), surroundings.engineSays(), control, log, group);
    this.freezer = new Freezer(identity.id(), surroundings.freezing().apply(identity.container()));
  }

  public String id() {
    return identity.id();
  }

  public String container() {
    return identity.container();
  }

  /** The version it was specialised for; null while it is a stem. */
  public @Nullable SandboxSpec spec() {
    return spec;
  }

  public State state() {
    return life.state();
  }

  /** Why it was destroyed; null while it was not. */
  public @Nullable DestroyReason destroyReason() {
    return life.reason();
  }

  // ---- start ----

  /**
   * Watches log and control, and waits until the language runtime has booted: then it is a stem.
   */
  void awaitBoot(SocketChannel logSocket, Duration limit) throws IOException {
    SocketWatcher watcher = surroundings.watcher();
    watcher.add(logSocket, log::drain);
    control.watch(watcher, this::controlEnded);
    Turn turn = Turn.initialisation(log.begin(LogListener.NONE), now(), limit);
    life.begin(turn);
    try {
      Frame frame = channel.receive();
      if (frame.type() != FrameType.HELLO || frame.invocation() != 0) {
        throw new ProtocolViolation("HELLO was due, got " + frame.type());
      }
      if (!PROTOCOL_1.matcher(new String(frame.body(), StandardCharsets.UTF_8)).find()) {
        throw new ProtocolViolation("the image speaks another version of the protocol");
      }
    } catch (IOException | ProtocolViolation e) {
      destroy(DestroyReason.START_FAILED);
      throw new IOException(
          "the language runtime did not boot: %s; it said: %s"
              .formatted(e.getMessage(), said(turn)),
          e);
    }
    log.pass(turn.log);
    if (!life.move(State.STARTING, State.STEM, now())) {
      throw new IOException("the sandbox was destroyed while it booted");
    }
  }

  private String said(Turn turn) {
    CapturedLog captured = log.end(turn.log);
    int length = Math.min(captured.bytes().length, 500);
    return new String(captured.bytes(), 0, length, StandardCharsets.UTF_8).strip();
  }

  /**
   * Makes the stem a sandbox of one function version: code, limits, environment, module. Once: a
   * sandbox that has a version, or is no stem any more, is left as it is and {@link #spec} stays.
   *
   * @param bundle the extracted code
   * @return how it failed; empty when the sandbox is ready
   * @throws IOException when the code could not be put in place
   * @throws EngineException when the limits could not be set
   */
  public Optional<Outcome> specialise(SandboxSpec newSpec, Path bundle, Duration limit)
      throws IOException, EngineException {
    if (!life.move(State.STEM, State.SPECIALISING, now()) || !thaw()) {
      return Optional.of(
          new Outcome.SandboxLost(
              "the sandbox ended before it got its code", diagnosis.emptyReport()));
    }
    spec = newSpec;
    try {
      directory.place(bundle);
      limit(newSpec);
    } catch (IOException | EngineException e) {
      destroy(DestroyReason.START_FAILED);
      throw e;
    }
    Turn turn = Turn.initialisation(log.begin(LogListener.NONE), now(), limit);
    life.begin(turn);
    Optional<Outcome> failure = initialise(newSpec, turn);
    if (failure.isPresent()) {
      return failure;
    }
    exchange =
        newSpec.concurrency() == 1
            ? new SoloExchange(channel)
            : new SharedExchange(channel, id(), this::giveUp);
    if (!life.move(State.SPECIALISING, State.IDLE, now())) {
      return Optional.of(ended(turn));
    }
    log.pass(turn.log);
    return Optional.empty();
  }

  /** Before the first instruction of its code. */
  private void limit(SandboxSpec newSpec) throws EngineException {
    ContainerLimits limits = ContainerLimits.of(newSpec.memoryMegabytes(), surroundings.hostCpus());
    if (!group.limit(limits)) {
      surroundings.engineLimits().set(container(), limits);
    }
    diagnosis.limited(limits.memoryBytes());
  }

  private Optional<Outcome> initialise(SandboxSpec newSpec, Turn turn) {
    try {
      channel.send(FrameType.INIT, 0, InitBody.of(newSpec, id(), surroundings.clock().instant()));
      Frame frame = channel.receive();
      if (frame.invocation() == 0 && frame.type() == FrameType.READY) {
        return Optional.empty();
      }
      if (frame.invocation() == 0 && frame.type() == FrameType.INIT_ERROR) {
        checkSize(frame.body());
        Report report = diagnosis.report(turn);
        destroy(DestroyReason.INIT_FAILED);
        return Optional.of(new Outcome.HandlerFailed(frame.body(), Phase.INIT, report));
      }
      throw new ProtocolViolation("READY or INIT_ERROR was due, got " + frame.type());
    } catch (ProtocolViolation e) {
      return Optional.of(violated(e, turn));
    } catch (IOException e) {
      return Optional.of(ended(turn));
    }
  }

  // ---- invocations ----

  /**
   * Takes it for one invocation more. False when it was destroyed meanwhile, or has as many as its
   * function allows: then nothing has run.
   */
  public boolean take() {
    SandboxSpec own = spec;
    return own != null && life.take(own.concurrency()) && thaw();
  }

  /** A sandbox that cannot be thawed cannot be used. */
  private boolean thaw() {
    if (freezer.thaw()) {
      return true;
    }
    destroy(DestroyReason.LOST);
    return false;
  }

  /** Stops its processes when it has had nothing to do for so long. Called every now and then. */
  public void freezeIfResting(Duration grace) {
    Duration patience = freezer.patience(grace);
    if (!freezer.frozen() && life.resting(patience, now())) {
      freezer.freeze(() -> life.resting(patience, now()));
    }
  }

  /** Whether its processes are stopped, or about to be. */
  public boolean frozen() {
    return freezer.frozen();
  }

  /** Runs one invocation in the sandbox that the calling thread has taken. Never throws. */
  public Outcome run(Invocation invocation, Waited waited) {
    SandboxSpec own = spec;
    Exchange line = exchange;
    if (own == null || line == null) {
      throw new IllegalStateException("sandbox " + id() + " has no function yet");
    }
    if (own.concurrency() == 1) {
      group.reset();
    }
    Turn turn = begin(own, invocation, waited);
    try {
      return run(line, invocation, own, turn);
    } catch (ProtocolViolation e) {
      return violated(e, turn);
    } catch (ClosedByInterruptException e) {
      return cancelled(turn);
    } catch (IOException e) {
      return ended(turn);
    } catch (RuntimeException | Error e) {
      destroy(DestroyReason.PLATFORM_FAILED);
      throw e;
    }
  }

  private Turn begin(SandboxSpec own, Invocation invocation, Waited waited) {
    boolean cold = fresh.get() && fresh.compareAndSet(true, false);
    LogCapture.Capture captured = log.begin(invocation.logListener());
    Turn turn = Turn.invocation(cold, waited, captured, now(), own.timeout());
    life.begin(turn);
    return turn;
  }

  private Outcome run(Exchange line, Invocation invocation, SandboxSpec own, Turn turn)
      throws IOException, ProtocolViolation {
    long deadlineMillis = surroundings.clock().millis() + own.timeout().toMillis();
    Frame frame =
        line.call(
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
    return result.length > LARGEST_RESULT_BYTES
        ? new Outcome.ResponseTooLarge(result.length, report)
        : new Outcome.Succeeded(result, report);
  }

  private Outcome failed(byte[] json, Turn turn) throws ProtocolViolation {
    checkSize(json);
    ErrorBody error = new ErrorBody(json);
    Report report = diagnosis.report(turn);
    if (error.fatal()) {
      destroy(DestroyReason.EXITED);
    }
    release(turn);
    return error.tooLarge()
        ? new Outcome.ResponseTooLarge(error.bytes(), report)
        : new Outcome.HandlerFailed(json, Phase.RUN, report);
  }

  private static void checkSize(byte[] error) throws ProtocolViolation {
    if (error.length > LARGEST_ERROR_BYTES) {
      throw new ProtocolViolation(
          "an error of %d bytes, the limit is %d".formatted(error.length, LARGEST_ERROR_BYTES));
    }
  }

  private Outcome violated(ProtocolViolation what, Turn turn) {
    LOG.warn("event=protocol_violated sandbox={} detail=\"{}\"", id(), what.getMessage());
    destroy(DestroyReason.PROTOCOL_VIOLATED);
    return new Outcome.SandboxLost(
        "the sandbox broke its protocol: " + what.getMessage(), diagnosis.report(turn));
  }

  /** The caller's interrupt has done its work; it must not end the reading of the log as well. */
  private Outcome cancelled(Turn turn) {
    boolean interrupted = Thread.interrupted();
    destroy(DestroyReason.CANCELLED);
    Report report = diagnosis.report(turn);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new Outcome.Cancelled("the caller went away", report);
  }

  /** Ends it for a caller that went away, unless others run in it. */
  private boolean giveUp() {
    if (!life.endAlone(DestroyReason.CANCELLED)) {
      return false;
    }
    dispose(DestroyReason.CANCELLED);
    return true;
  }

  /** The channel is gone: finds out why. */
  private Outcome ended(Turn turn) {
    DestroyReason known = destroyReason();
    if (known == null) {
      DestroyReason found = diagnosis.whyEnded();
      destroy(found);
      known = Objects.requireNonNullElse(destroyReason(), found);
    }
    return diagnosis.ending(known, turn, life.expired(turn));
  }

  /** The invocation is over: there is room for another, unless the sandbox was destroyed. */
  private void release(Turn turn) {
    if (diagnosis.tainted() && life.endAlone(DestroyReason.OUT_OF_MEMORY)) {
      dispose(DestroyReason.OUT_OF_MEMORY);
    }
    if (life.free(turn, now()) && control.hasEnded()) {
      destroy(DestroyReason.EXITED);
    }
  }

  /**
   * What it weighs from now on when there is less processor time than wanted; 1024 is normal.
   * Called every now and then, by one thread.
   */
  public void weigh(int shares) {
    group.weigh(shares);
  }

  // ---- end ----

  /** Nobody uses an idle sandbox's channel, so nobody else would notice its end. */
  private void controlEnded(int status) {
    diagnosis.controlEnded();
    control.ended(status);
    if (state() == State.IDLE || state() == State.STEM) {
      destroy(status == Control.UNKNOWN ? DestroyReason.LOST : DestroyReason.EXITED);
    }
  }

  /**
   * Destroys it when a deadline has passed, and warns it shortly before. Called by the watch of
   * deadlines.
   */
  void expire(long now) {
    DestroyReason why = life.expire(now);
    if (why != null) {
      dispose(why);
    } else if (life.warn(now)) {
      control.warn();
    }
  }

  /**
   * Ends it, whatever it is doing. The first reason counts.
   *
   * @return false when it was destroyed already
   */
  public boolean destroy(DestroyReason why) {
    if (!life.end(why)) {
      return false;
    }
    dispose(why);
    return true;
  }

  /**
   * Without control, init kills everything at once, unless it is frozen; without the channel,
   * whoever waits is woken.
   */
  private void dispose(DestroyReason why) {
    LOG.info("event=sandbox_destroyed sandbox={} spec={} reason={}", id(), spec, why);
    freezer.thaw();
    try (channel) {
      control.close();
    } catch (IOException e) {
      LOG.warn("event=sandbox_close_failed sandbox={} error={}", id(), e.toString());
    }
    surroundings.watcher().forgetClosed();
    surroundings.onDestroyed().accept(this);
    surroundings.remover().remove(new Remains(id(), container(), this::tidy, identity.whenGone()));
  }

  /** Gives back what is left once its container is gone. */
  private void tidy() throws IOException {
    log.close();
    group.close();
    surroundings.watcher().forgetClosed();
    directory.delete();
  }

  private long now() {
    return surroundings.ticker().nanos();
  }

  @Override
  public String toString() {
    return "Sandbox[" + id() + " " + spec + " " + state() + "]";
  }
}
