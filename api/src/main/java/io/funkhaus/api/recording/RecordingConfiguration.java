package io.funkhaus.api.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/**
 * Starts the recorder after the tables are there. It is closed after everything that records, and
 * before the pool of connections, because it depends on the latter and the former on it.
 */
@Configuration(proxyBeanMethods = false)
class RecordingConfiguration {

  @Bean
  RecordingSettings recordingSettings(
      @Value("${funkhaus.data}") Path data,
      @Value("${funkhaus.journal.limit:2GB}") DataSize journalLimit,
      @Value("${funkhaus.journal.force:PT0S}") Duration force,
      @Value("${funkhaus.retention.invocations:P30D}") Duration invocations,
      @Value("${funkhaus.retention.logs:P14D}") Duration logs) {
    return new RecordingSettings(
        data.resolve("journal"),
        journalLimit.toBytes(),
        invocations,
        logs,
        RecordingSettings.MINUTE_FIGURES,
        force);
  }

  @Bean(destroyMethod = "close")
  @DependsOnDatabaseInitialization
  InvocationRecorder invocationRecorder(
      RecordingSettings settings, DataSource database, InstantSource clock) throws IOException {
    return InvocationRecorder.start(settings, database, clock, System::nanoTime);
  }
}
