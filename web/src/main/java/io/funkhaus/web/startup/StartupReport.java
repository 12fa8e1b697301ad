package io.funkhaus.web.startup;

import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Tells on the terminal, in one sentence, why the service does not start. Spring's own reports are
 * replaced by it (it is named in {@code META-INF/spring.factories}).
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class StartupReport implements SpringBootExceptionReporter {
  private static final Logger LOG = LoggerFactory.getLogger(StartupReport.class);

  /** Spring calls this first; {@link #print} follows where the exception ends up. */
  @Override
  public boolean reportException(Throwable failure) {
    return true;
  }

  /** Prints the sentence to the standard error output. */
  public static void print(Throwable failure) {
    String sentence = sentence(failure);
    if (sentence == null) {
      LOG.error("event=start_failed", failure);
      sentence =
          "Funkhaus could not start because of an error of its own ("
              + deepest(failure)
              + "); the log has the details, please report it.";
    }
    System.err.println(sentence);
  }

  private static @Nullable String sentence(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StartupFailure known) {
        return known.getMessage();
      }
      if (cause instanceof PortInUseException taken) {
        return "Port "
            + taken.getPort()
            + " is in use by another program; stop that one, or set FUNKHAUS_PORT"
            + " (FUNKHAUS_MANAGEMENT_PORT for health and metrics) to a free one.";
      }
      if (cause instanceof FlywayException migration) {
        return "The database cannot be brought to the form this release needs ("
            + String.valueOf(migration.getMessage()).lines().findFirst().orElse("no reason given")
            + "); start the release that used it last, or restore a backup.";
      }
    }
    return null;
  }

  private static Throwable deepest(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest;
  }
}
