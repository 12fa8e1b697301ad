package io.funkhaus.scheduler.sandbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * For a sandbox that runs several invocations at once: one virtual thread writes all frames and one
 * reads them and hands each to the caller that waits for it. The callers do neither, because an
 * interrupt of a thread at a socket closes it, and the sandbox is not one caller's alone.
 */
final class SharedExchange implements Exchange {
  /** The deadlines of the invocations end every wait long before. */
  private static final long LONGEST_MINUTES = 20;

  private final SandboxChannel channel;
  private final BooleanSupplier giveUp;
  private final ExecutorService writer;
  private final Nonces nonces = new Nonces();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<Long, CompletableFuture<Frame>> waiting = new HashMap<>();

  @GuardedBy("lock")
  private @Nullable Exception ended;

  /**
   * @param name of the sandbox
   * @param giveUp asked when a caller was interrupted: ends the sandbox unless others run in it
   */
  SharedExchange(SandboxChannel channel, String name, BooleanSupplier giveUp) {
    this.channel = channel;
    this.giveUp = giveUp;
    this.writer =
        Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("sandbox-writer-" + name).factory());
    Thread.ofVirtual().name("sandbox-reader-" + name).start(this::read);
  }

  @Override
  public Frame call(byte[]... body) throws IOException, ProtocolViolation {
    CompletableFuture<Frame> answer = new CompletableFuture<>();
    lock.lock();
    try {
      if (ended == null) {
        long number = nonces.next();
        waiting.put(number, answer);
        writer.execute(() -> write(number, body));
      } else {
        answer.completeExceptionally(ended);
      }
    } finally {
      lock.unlock();
    }
    return await(answer);
  }

  private Frame await(CompletableFuture<Frame> answer) throws IOException, ProtocolViolation {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get(LONGEST_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
          interrupted = true;
          if (giveUp.getAsBoolean()) {
            throw new ClosedByInterruptException();
          }
        }
      }
    } catch (TimeoutException e) {
      throw new IOException("no answer and no end for " + LONGEST_MINUTES + " minutes", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ProtocolViolation violation) {
        throw new ProtocolViolation(String.valueOf(violation.getMessage()));
      }
      throw new IOException("the channel of the sandbox ended", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void write(long number, byte[]... body) {
    try {
      channel.send(FrameType.INVOKE, number, body);
    } catch (IOException | RuntimeException e) {
      end(e);
    }
  }

  private void read() {
    try {
      while (true) {
        Frame frame = channel.receive();
        CompletableFuture<Frame> caller = remove(frame.invocation());
        if (caller == null) {
          throw new ProtocolViolation("an answer to another invocation");
        }
        caller.complete(frame);
      }
    } catch (IOException | ProtocolViolation | RuntimeException e) {
      end(e);
    }
  }

  private @Nullable CompletableFuture<Frame> remove(long number) {
    lock.lock();
    try {
      return waiting.remove(number);
    } finally {
      lock.unlock();
    }
  }

  /** Nothing comes any more: all who wait are told why, and all who come. */
  private void end(Exception why) {
    Map<Long, CompletableFuture<Frame>> left;
    lock.lock();
    try {
      if (ended == null) {
        ended = why;
      }
      left = Map.copyOf(waiting);
      waiting.clear();
    } finally {
      lock.unlock();
    }
    left.values().forEach(caller -> caller.completeExceptionally(why));
    writer.shutdown();
  }
}
