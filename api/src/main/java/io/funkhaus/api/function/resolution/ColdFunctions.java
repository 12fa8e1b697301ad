package io.funkhaus.api.function.resolution;

import io.funkhaus.api.function.configuration.RunSettings;
import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.Forecast;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** After a start no function has a sandbox: each that is there may come with a first call. */
@Component
class ColdFunctions {
  private static final Logger LOG = LoggerFactory.getLogger(ColdFunctions.class);

  private final JdbcClient jdbc;
  private final Forecast forecast;

  ColdFunctions(JdbcClient jdbc, Forecast forecast) {
    this.jdbc = jdbc;
    this.forecast = forecast;
  }

  /** Functions of all tenants that are run alike. */
  private record Alike(String runtime, String architecture, String isolation, int functions) {}

  @EventListener(ApplicationReadyEvent.class)
  void started() {
    Thread.ofVirtual().name("cold-functions").start(this::forecastAll);
  }

  private void forecastAll() {
    try {
      jdbc.sql(
              """
              SELECT runtime, architecture, isolation, count(*) AS functions
                FROM functions WHERE deleted_at IS NULL GROUP BY runtime, architecture, isolation
              """)
          .query(Alike.class)
          .list()
          .forEach(this::forecast);
    } catch (RuntimeException e) {
      LOG.info("event=first_calls_not_forecast reason=\"{}\"", e.toString());
    }
  }

  private void forecast(Alike alike) {
    forecast.firstCalls(
        alike.runtime(),
        Architecture.valueOf(alike.architecture().toUpperCase(Locale.ROOT)),
        RunSettings.isolation(alike.isolation()),
        alike.functions());
  }
}
