package io.funkhaus.api.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts the thread of an invocation whose caller has gone away. A thread that waits for a
 * sandbox does not read from its connection and hears nothing of its end, so the kernel's list of
 * connections is looked at: only while such invocations last longer than a round.
 *
 * <p>What must not be broken: nothing is interrupted after {@link #leave}.
 */
public final class CallerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CallerWatch.class);
  private static final Duration ROUND = Duration.ofMillis(250);
  private static final int ABSENCES = 2;
  private static final List<Path> LISTS =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  private final Set<Watched> all = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("caller-watch").factory());

  private final Future<?> rounds;

  public CallerWatch() {
    rounds =
        timer.scheduleWithFixedDelay(
            this::round, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One invocation and the thread that waits for its end. */
  public static final class Watched {
    private final CallerConnection connection;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean over;

    @GuardedBy("lock")
    private boolean interrupted;

    /** Read and written by the watch's thread only. */
    private boolean old;

    private int absences;

    private Watched(CallerConnection connection, Thread thread) {
      this.connection = connection;
      this.thread = thread;
    }

    private boolean gone(ConnectionTable.State state) {
      absences = state == ConnectionTable.State.ABSENT ? absences + 1 : 0;
      return state == ConnectionTable.State.CLOSING || absences >= ABSENCES;
    }

    private void interrupt() {
      lock.lock();
      try {
        if (!over && !interrupted) {
          interrupted = true;
          thread.interrupt();
        }
      } finally {
        lock.unlock();
      }
    }

    /** Whether it was interrupted; from now on it will not be. */
    private boolean end() {
      lock.lock();
      try {
        over = true;
        return interrupted;
      } finally {
        lock.unlock();
      }
    }
  }

  /** From now on the calling thread is interrupted when the connection ends. */
  public Watched enter(CallerConnection connection) {
    Watched watched = new Watched(connection, Thread.currentThread());
    all.add(watched);
    return watched;
  }

  /** The calling thread goes on undisturbed, also if it was interrupted here. */
  public void leave(Watched watched) {
    all.remove(watched);
    if (watched.end()) {
      // The interruption was for the invocation; the journal must not see it.
      Thread.interrupted();
    }
  }

  private void round() {
    List<Watched> lasting = new ArrayList<>();
    for (Watched watched : all) {
      if (watched.old) {
        lasting.add(watched);
      }
      watched.old = true;
    }
    if (lasting.isEmpty()) {
      return;
    }
    try {
      ConnectionTable table =
          new ConnectionTable(
              lasting.stream()
                  .map(watched -> watched.connection.localPort())
                  .collect(Collectors.toSet()));
      for (Path list : LISTS) {
        if (Files.exists(list)) {
          try (BufferedReader reader = Files.newBufferedReader(list)) {
            table.add(reader);
          }
        }
      }
      for (Watched watched : lasting) {
        if (watched.gone(table.state(watched.connection))) {
          watched.interrupt();
        }
      }
    } catch (IOException | RuntimeException e) {
      // The edge of the thread: callers stay until they can be looked for again.
      LOG.warn("event=connections_unreadable reason={}", e.toString());
    }
  }

  @Override
  public void close() {
    rounds.cancel(true);
    timer.shutdownNow();
  }
}
