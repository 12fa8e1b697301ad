package io.funkhaus.web.database;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.funkhaus.web.settings.DatabaseSettings;
import io.funkhaus.web.settings.Settings;
import io.funkhaus.web.startup.StartupFailure;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A database on its way: PostgreSQL starts beside the Spring context, which reads its configuration
 * meanwhile. The application begins it and, when the context fails, closes it; {@link
 * DatabaseConfiguration} takes the database. A server that nobody took is never left running.
 */
public final class DatabaseStart implements AutoCloseable {
  /**
   * Longer than the deadlines of all steps of a start together, recovery after a crash included.
   */
  private static final long LONGEST_SECONDS = 300;

  private final FutureTask<Database> start;

  @GuardedBy("this")
  private boolean taken;

  private DatabaseStart(FutureTask<Database> start) {
    this.start = start;
  }

  /**
   * Returns at once.
   *
   * @param version of the embedded PostgreSQL's binaries in the class path
   */
  public static DatabaseStart begin(Settings settings, Path data, String version) {
    return begin(() ->
        switch (settings.database()) {
          case DatabaseSettings.Embedded() -> EmbeddedPostgres.start(data, version);
          case DatabaseSettings.External external -> ExternalPostgres.reached(external);
        });
  }

  static DatabaseStart begin(Supplier<Database> database) {
    FutureTask<Database> start = new FutureTask<>(database::get);
    Thread.ofVirtual().name("database-start").start(start);
    return new DatabaseStart(start);
  }

  /**
   * Waits for the database, which is the caller's from now on.
   *
   * @throws StartupFailure when it cannot be had, with the way out
   */
  Database take() {
    Database database = ready();
    synchronized (this) {
      taken = true;
    }
    return database;
  }

  private Database ready() {
    try {
      return start.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw reason(failed);
    } catch (TimeoutException slow) {
      throw new StartupFailure(
          "PostgreSQL was not ready after "
              + LONGEST_SECONDS
              + " s; its log in the data directory says what it does.",
          slow);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StartupFailure("The start was interrupted.", interrupted);
    }
  }

  private static RuntimeException reason(ExecutionException failed) {
    return failed.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(failed.getCause());
  }

  /** Stops what was started and nobody has taken. */
  @Override
  public void close() {
    synchronized (this) {
      if (taken) {
        return;
      }
      taken = true;
    }
    try {
      ready().close();
    } catch (RuntimeException neverStarted) {
      // Told to whoever wanted it; there is nothing to stop.
    }
  }
}
