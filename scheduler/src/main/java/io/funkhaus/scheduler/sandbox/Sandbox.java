package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.Invocation;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.engine.ContainerLimits;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.polling.BusyPolling;
import io.funkhaus.scheduler.time.Ticker;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One hardened container, from its first connection to its end. Made by {@link SandboxLauncher},
 * specialised once for one function version, lent by the dispatcher to one invocation at a time, or
 * to as many as its function asks for. What happens in it is in three parts: {@link SandboxStart},
 * {@link SandboxUse} and {@link SandboxEnd}.
 *
 * <p>Its states are those of {@link Lifecycle}. What must not be broken: after it was destroyed it
 * is never used again, and {@code onDestroyed} is told exactly once.
 */
public final class Sandbox {
  /** The largest result, in bytes, as Lambda has it. */
  public static final int LARGEST_RESULT_BYTES = 6_291_556;

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
   * @param polling how the calling threads wait
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
      BusyPolling polling,
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

  private final SandboxParts parts;
  private final SandboxEnd end;
  private final SandboxStart start;
  private final Lifecycle life;
  private final Freezer freezer;

  /** Written by the launching thread before the sandbox is handed over. */
  private volatile @Nullable SandboxSpec spec;

  /** Written by the launching thread before the sandbox is handed over. */
  private volatile @Nullable SandboxUse use;

  Sandbox(
      Identity identity,
      SandboxDirectory directory,
      Connections connections,
      Surroundings surroundings) {
    this.parts = SandboxParts.of(identity, directory, connections, surroundings);
    this.end = new SandboxEnd(this, parts);
    this.start = new SandboxStart(parts, end);
    this.life = parts.life();
    this.freezer = parts.freezer();
  }

  public String id() {
    return parts.id();
  }

  public String container() {
    return parts.container();
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
    start.boot(logSocket, limit);
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
    if (!life.move(State.STEM, State.SPECIALISING, parts.now()) || !thaw()) {
      return Optional.of(
          new Outcome.SandboxLost(
              "the sandbox ended before it got its code", parts.diagnosis().emptyReport()));
    }
    spec = newSpec;
    return start.specialise(
        newSpec, bundle, limit, () -> use = new SandboxUse(newSpec, parts, end));
  }

  // ---- use ----

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
    end.destroy(DestroyReason.LOST);
    return false;
  }

  /** Stops its processes when it has had nothing to do for so long. Called every now and then. */
  public void freezeIfResting(Duration grace) {
    Duration patience = freezer.patience(grace);
    if (!freezer.frozen() && life.resting(patience, parts.now())) {
      freezer.freeze(() -> life.resting(patience, parts.now()));
    }
  }

  /** Whether its processes are stopped, or about to be. */
  public boolean frozen() {
    return freezer.frozen();
  }

  /** Runs one invocation in the sandbox that the calling thread has taken. Never throws. */
  public Outcome run(Invocation invocation, Waited waited) {
    SandboxUse own = use;
    if (own == null) {
      throw new IllegalStateException("sandbox " + id() + " has no function yet");
    }
    return own.run(invocation, waited);
  }

  /**
   * What it weighs from now on when there is less processor time than wanted; 1024 is normal.
   * Called every now and then, by one thread.
   */
  public void weigh(int shares) {
    parts.group().weigh(shares);
  }

  /**
   * How long its processes have run or waited for a processor so far, in nanoseconds; -1 where that
   * is not seen.
   */
  public long runnableNanos() {
    return parts.group().runnableNanos();
  }

  // ---- end ----

  /**
   * Destroys it when a deadline has passed, and warns it shortly before. Called by the watch of
   * deadlines.
   */
  void expire(long now) {
    end.expire(now);
  }

  /**
   * Ends it, whatever it is doing. The first reason counts.
   *
   * @return false when it was destroyed already
   */
  public boolean destroy(DestroyReason why) {
    return end.destroy(why);
  }

  @Override
  public String toString() {
    return "Sandbox[" + id() + " " + spec + " " + state() + "]";
  }
}
