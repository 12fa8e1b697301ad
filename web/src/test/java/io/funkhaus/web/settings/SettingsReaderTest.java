package io.funkhaus.web.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.web.startup.StartupFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  private static final Machine HOST = new Machine(10_000, Path.of("/home/ada"));

  @Test
  void without_any_variable_the_service_is_on_loopback_with_its_own_database() {
    Settings settings = SettingsReader.read(Map.of("PATH", "/bin"), HOST);

    assertThat(settings.address().isLoopbackAddress()).isTrue();
    assertThat(settings.port()).isEqualTo(8080);
    assertThat(settings.managementPort()).isEqualTo(9090);
    assertThat(settings.data()).isEqualTo(Path.of("/home/ada/.local/share/funkhaus"));
    assertThat(settings.database()).isEqualTo(new DatabaseSettings.Embedded());
    assertThat(settings.dockerHost()).hasToString("unix:///var/run/docker.sock");
    assertThat(settings.capacity().memoryMegabytes()).isEqualTo(7_000);
    assertThat(settings.retention().invocations()).isEqualTo(Duration.ofDays(30));
  }

  @Test
  void every_setting_can_be_given() {
    Settings settings =
        SettingsReader.read(
            Map.ofEntries(
                Map.entry("FUNKHAUS_ADDRESS", "0.0.0.0"),
                Map.entry("FUNKHAUS_PORT", "80"),
                Map.entry("FUNKHAUS_MANAGEMENT_PORT", "81"),
                Map.entry("FUNKHAUS_PUBLIC_URL", "https://functions.example.org/"),
                Map.entry("FUNKHAUS_DATA", "/srv/funkhaus"),
                Map.entry("FUNKHAUS_DOCKER_HOST", "unix:///run/other.sock"),
                Map.entry("FUNKHAUS_IMAGE_TAG", "1.2"),
                Map.entry("FUNKHAUS_INSTANCE", "blue"),
                Map.entry("FUNKHAUS_MEMORY_BUDGET", "4G"),
                Map.entry("FUNKHAUS_TENANT_CONCURRENCY", "7"),
                Map.entry("FUNKHAUS_FUNCTION_CONCURRENCY", "5"),
                Map.entry("FUNKHAUS_PARALLEL_STARTS", "4"),
                Map.entry("FUNKHAUS_QUEUE", "30"),
                Map.entry("FUNKHAUS_TENANT_QUEUE", "20"),
                Map.entry("FUNKHAUS_QUEUE_WAIT", "2m"),
                Map.entry("FUNKHAUS_RETENTION_INVOCATIONS", "2d"),
                Map.entry("FUNKHAUS_RETENTION_LOGS", "36h"),
                Map.entry("FUNKHAUS_JOURNAL_LIMIT", "64M"),
                Map.entry("FUNKHAUS_JOURNAL_FORCE", "5s"),
                Map.entry("FUNKHAUS_DRAIN", "5s"),
                Map.entry("FUNKHAUS_LOG_FORMAT", "json")),
            HOST);

    assertThat(settings.address().isAnyLocalAddress()).isTrue();
    assertThat(settings.publicUrl()).hasToString("https://functions.example.org");
    assertThat(settings.data()).isEqualTo(Path.of("/srv/funkhaus"));
    assertThat(settings.dockerHost()).hasToString("unix:///run/other.sock");
    assertThat(settings.imageTag()).isEqualTo("1.2");
    assertThat(settings.instance()).isEqualTo("blue");
    assertThat(settings.capacity())
        .isEqualTo(
            new Settings.Capacity(
                4096, 7, 5, 4, 2, new Settings.Queue(30, 20, Duration.ofMinutes(2))));
    assertThat(settings.retention())
        .isEqualTo(
            new Settings.Retention(
                Duration.ofDays(2), Duration.ofHours(36), 64, Duration.ofSeconds(5)));
    assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.logFormat()).isEqualTo(LogFormat.JSON);
  }

  @ParameterizedTest
  @CsvSource({
    "FUNKHAUS_PORT, 70000",
    "FUNKHAUS_PORT, http",
    "FUNKHAUS_PORT, 9090",
    "FUNKHAUS_ADDRESS, no host of this name.invalid",
    "FUNKHAUS_PUBLIC_URL, ftp://example.org",
    "FUNKHAUS_PUBLIC_URL, https://example.org/below?query",
    "FUNKHAUS_DATA, /tmp/a-directory-whose-name-leaves-no-room-for-a-unix-socket-path",
    "FUNKHAUS_DOCKER_HOST, tcp://10.0.0.1:2375",
    "DOCKER_HOST, tcp://10.0.0.1:2375",
    "FUNKHAUS_IMAGE_TAG, a b",
    "FUNKHAUS_MEMORY_BUDGET, 100M",
    "FUNKHAUS_MEMORY_BUDGET, much",
    "FUNKHAUS_TENANT_CONCURRENCY, 0",
    "FUNKHAUS_PARALLEL_STARTS, 0",
    "FUNKHAUS_PARALLEL_STARTS, 13",
    "FUNKHAUS_QUEUE, 0",
    "FUNKHAUS_QUEUE, 4001",
    "FUNKHAUS_TENANT_QUEUE, 2001",
    "FUNKHAUS_QUEUE_WAIT, 0s",
    "FUNKHAUS_QUEUE_WAIT, 6m",
    "FUNKHAUS_RETENTION_LOGS, 1h",
    "FUNKHAUS_DRAIN, 5",
    "FUNKHAUS_LOG_FORMAT, xml",
  })
  void a_wrong_value_is_refused_with_the_variable_and_the_value(String name, String value) {
    assertThatThrownBy(() -> SettingsReader.read(Map.of(name, value), HOST))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining(name)
        .hasMessageContaining(value)
        .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
  }

  @Test
  void a_wrong_queue_is_refused_with_its_range_and_the_way_out() {
    assertThatThrownBy(() -> SettingsReader.read(Map.of("FUNKHAUS_QUEUE", "many"), HOST))
        .hasMessage("FUNKHAUS_QUEUE must be a number from 1 to 4000; it is 'many'.");
    assertThatThrownBy(() -> SettingsReader.read(Map.of("FUNKHAUS_QUEUE_WAIT", "6m"), HOST))
        .hasMessage(
            "FUNKHAUS_QUEUE_WAIT must be a duration like 90s, 5m, 12h or 30d, at least 1s and at"
                + " most 300s; it is '6m'.");
    assertThatThrownBy(() ->
            SettingsReader.read(
                Map.of("FUNKHAUS_QUEUE", "100", "FUNKHAUS_TENANT_QUEUE", "101"), HOST))
        .hasMessage(
            "FUNKHAUS_TENANT_QUEUE must be at most FUNKHAUS_QUEUE, which is 100; it is '101'. Lower"
                + " it, or raise FUNKHAUS_QUEUE.");
  }

  @Test
  void an_empty_variable_takes_the_default_as_docker_compose_gives_it() {
    assertThat(
            SettingsReader.read(
                Map.of(
                    "FUNKHAUS_MEMORY_BUDGET", "", "FUNKHAUS_QUEUE", "", "FUNKHAUS_QUEUE_WAIT", ""),
                HOST))
        .isEqualTo(SettingsReader.read(Map.of(), HOST));
  }

  @Test
  void a_tenant_has_a_quarter_of_the_queue_unless_it_is_said_otherwise() {
    assertThat(SettingsReader.read(Map.of(), HOST).capacity().queue())
        .isEqualTo(new Settings.Queue(2_000, 500, Duration.ofSeconds(15)));
    assertThat(SettingsReader.read(Map.of("FUNKHAUS_QUEUE", "3"), HOST).capacity().queue())
        .isEqualTo(new Settings.Queue(3, 1, Duration.ofSeconds(15)));
  }

  @Test
  void a_misspelt_variable_is_refused_and_the_nearest_one_is_named() {
    assertThatThrownBy(() -> SettingsReader.read(Map.of("FUNKHAUS_PROT", "80"), HOST))
        .isInstanceOf(StartupFailure.class)
        .hasMessage(
            "FUNKHAUS_PROT is not a setting of Funkhaus; the nearest one is FUNKHAUS_PORT.");
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://ada:p%40ss+word@db:5433/functions, jdbc:postgresql://db:5433/functions",
    "postgres://ada:p%40ss+word@db/functions, jdbc:postgresql://db/functions",
    "jdbc:postgresql://db/functions?user=ada&password=p%40ss+word&sslmode=require,"
        + " jdbc:postgresql://db/functions?sslmode=require",
    "postgresql://ada:p%40ss+word@[::1]:5432/functions, jdbc:postgresql://[::1]:5432/functions",
  })
  void a_database_is_named_as_postgresql_users_do(String url, String jdbcUrl) {
    Settings settings = SettingsReader.read(Map.of("FUNKHAUS_DATABASE_URL", url), HOST);

    assertThat(settings.database())
        .isEqualTo(new DatabaseSettings.External(jdbcUrl, "ada", "p@ss+word"));
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://ada:canary@db/functions",
    "postgresql://ada:canary@db",
    "postgresql://db/functions?password=canary",
  })
  void a_wrong_database_url_is_refused_without_showing_its_password(String url) {
    assertThatThrownBy(() -> SettingsReader.read(Map.of("FUNKHAUS_DATABASE_URL", url), HOST))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("FUNKHAUS_DATABASE_URL")
        .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("canary"));
  }

  @Test
  void a_password_is_never_printed() {
    Settings settings =
        SettingsReader.read(
            Map.of("FUNKHAUS_DATABASE_URL", "postgresql://ada:canary@db/functions"), HOST);

    assertThat(settings.toString()).contains("ada").doesNotContain("canary");
  }
}
