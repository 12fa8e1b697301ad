package io.funkhaus.scheduler.sandbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops and resumes every process of one sandbox. Frozen by the regular look at what rests, thawed
 * by whoever takes or destroys the sandbox: a look at one flag when it is not frozen.
 *
 * <p>What must not be broken: whoever thaws has changed the sandbox's state before, and whoever
 * freezes looks at the state after it has said that it is going to. So a sandbox in use is never
 * frozen: either the freeze sees the use, or the thaw sees the freeze and waits for it.
 */
final class Freezer {
  private static final Logger LOG = LoggerFactory.getLogger(Freezer.class);

  /** How processes are stopped: by the kernel's file, or by the engine. */
  interface Means {
    /** How long a sandbox should rest before it is worth it. */
    Duration patience(Duration grace);

    void freeze() throws IOException;

    void thaw() throws IOException;
  }

  private final String sandbox;
  private final Means means;
  private final ReentrantLock lock = new ReentrantLock();

  /** Frozen, or about to be. */
  @SuppressWarnings("GuardedBy") // read without the lock on the warm path
  private volatile boolean chilled;

  Freezer(String sandbox, Means means) {
    this.sandbox = sandbox;
    this.means = means;
  }

  Duration patience(Duration grace) {
    return means.patience(grace);
  }

  boolean frozen() {
    return chilled;
  }

  /**
   * Freezes it unless it is in use.
   *
   * @param resting whether it is not in use now; asked under this object's lock
   */
  void freeze(BooleanSupplier resting) {
    lock.lock();
    try {
      chilled = true;
      if (!resting.getAsBoolean()) {
        chilled = false;
        return;
      }
      write();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void write() {
    try {
      means.freeze();
    } catch (IOException e) {
      LOG.debug("event=freeze_failed sandbox={} error=\"{}\"", sandbox, e.getMessage());
      thawNow();
    }
  }

  /** Returns once it is not frozen any more; false when that could not be done. */
  boolean thaw() {
    if (!chilled) {
      return true;
    }
    lock.lock();
    try {
      return !chilled || thawNow();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean thawNow() {
    try {
      means.thaw();
      chilled = false;
      return true;
    } catch (IOException e) {
      LOG.debug("event=thaw_failed sandbox={} error=\"{}\"", sandbox, e.getMessage());
      return false;
    }
  }
}
