package io.funkhaus.web.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.startup.StartupFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;

class EmbeddedPostgresIT {
  private static final String VERSION = version();
  private static Path data = Path.of("/");
  private final Deque<Database> started = new ArrayDeque<>();
  private Database database = new Database("", "", "", () -> {});

  @BeforeAll
  static void directory() {
    data = RunningService.temporaryDirectory();
  }

  /** The version that the jar carries, as the application's own settings name it. */
  private static String version() {
    YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
    yaml.setResources(new ClassPathResource("application.yaml"));
    return Objects.requireNonNull(
        Objects.requireNonNull(yaml.getObject()).getProperty("funkhaus.postgres.version"));
  }

  @BeforeEach
  void start() {
    database = started();
  }

  @AfterEach
  void stop() {
    started.forEach(Database::close);
  }

  @AfterAll
  static void delete() {
    RunningService.deleteTree(data);
  }

  @Test
  void what_was_written_is_there_after_a_restart() throws SQLException {
    execute("CREATE TABLE IF NOT EXISTS kept (word text)", "INSERT INTO kept VALUES ('hello')");

    database.close();
    database = started();

    assertThat(ask("SELECT word FROM kept")).isEqualTo("hello");
  }

  @Test
  void a_commit_is_durable() throws SQLException {
    assertThat(ask("SHOW fsync")).isEqualTo("on");
    assertThat(ask("SHOW full_page_writes")).isEqualTo("on");
    assertThat(ask("SHOW synchronous_commit")).isEqualTo("on");
    assertThat(ask("SHOW data_checksums")).isEqualTo("on");
  }

  @Test
  void nobody_gets_in_without_the_password() {
    for (String user : new String[] {"postgres", "funkhaus"}) {
      for (String guess : new String[] {"", "postgres", "funkhaus"}) {
        assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), user, guess))
            .isInstanceOf(SQLException.class);
      }
    }
  }

  @Test
  void it_listens_on_the_loopback_address_only() throws Exception {
    assertThat(ask("SHOW listen_addresses")).isEqualTo("127.0.0.1");
    String socketDirectory = Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(4);
    assertThat(socketDirectory).isEmpty();
  }

  @Test
  void the_services_role_owns_its_database_and_nothing_else() throws SQLException {
    assertThat(
            ask(
                "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles"
                    + " WHERE rolname = current_user"))
        .isEqualTo("f");
    assertThatThrownBy(() -> execute("COPY (SELECT 1) TO PROGRAM 'true'"))
        .isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> ask("SELECT pg_read_file('/etc/passwd')"))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void passwords_and_cluster_are_closed_to_other_users() throws IOException {
    assertThat(Files.getPosixFilePermissions(data.resolve("postgres-passwords")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.getPosixFilePermissions(data.resolve("postgres")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(data.resolve("postgres.initial")).doesNotExist();
  }

  @Test
  void a_server_that_outlived_the_service_is_taken_over() throws Exception {
    String before = Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst();

    Database again = started();

    assertThat(again.jdbcUrl()).isEqualTo(database.jdbcUrl());
    assertThat(Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst())
        .isEqualTo(before);
  }

  @Test
  void a_server_with_other_settings_is_replaced() throws Exception {
    Path configuration = data.resolve("postgres/funkhaus.conf");
    String before = Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst();
    Files.writeString(configuration, Files.readString(configuration) + "work_mem = 1MB\n");

    database = started();

    assertThat(Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst())
        .isNotEqualTo(before);
    assertThat(Files.readString(configuration)).doesNotContain("work_mem");
  }

  @Test
  void a_server_that_is_killed_is_started_again_with_what_was_committed() throws Exception {
    execute("CREATE TABLE IF NOT EXISTS survived (n int)", "INSERT INTO survived VALUES (1)");

    killServer();

    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> ask("SELECT count(*) > 0 FROM survived").equals("t"));
  }

  @Test
  void a_pid_file_that_names_another_process_does_not_keep_it_from_starting() throws Exception {
    database.close();
    Files.writeString(
        data.resolve("postgres/postmaster.pid"), ProcessHandle.current().pid() + "\n");

    database = started();

    assertThat(ask("SELECT 1")).isEqualTo("1");
  }

  @Test
  void a_cluster_of_another_version_is_refused_with_the_way_out() throws Exception {
    database.close();
    Path file = data.resolve("postgres/PG_VERSION");
    Files.writeString(file, "17\n");
    try {
      assertThatThrownBy(() -> EmbeddedPostgres.start(data, VERSION))
          .isInstanceOf(StartupFailure.class)
          .hasMessageContaining("PostgreSQL 17")
          .hasMessageContaining("FUNKHAUS_DATABASE_URL");
    } finally {
      Files.writeString(file, "18\n");
    }
  }

  @Test
  void a_second_start_takes_less_than_three_seconds() {
    database.close();
    long begin = System.nanoTime();

    database = started();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
  }

  private Database started() {
    Database another = EmbeddedPostgres.start(data, VERSION);
    started.push(another);
    return another;
  }

  private void killServer() throws IOException {
    String pid = Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst();
    ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow().destroyForcibly();
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private String ask(String query) throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
  }
}
