package io.funkhaus.web.database;

import io.funkhaus.web.startup.StartupFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL server that the service runs for itself when no other is given: real, durable, in
 * the data directory, reachable from this machine only and only with a password.
 *
 * <p>A server that outlived a killed service is taken over, not started a second time. Durability
 * settings (fsync, full_page_writes, synchronous_commit) are PostgreSQL's defaults and must stay:
 * what was answered is only safe because of them.
 */
final class EmbeddedPostgres {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String MAJOR = "18";
  private static final String SUPERUSER = "postgres";
  private static final String ROLE = "funkhaus";
  private static final String DATABASE = "funkhaus";
  private static final long WATCH_MILLIS = 500;
  private static final Pattern PORT = Pattern.compile("(?m)^port = ([0-9]+)$");

  private final Path cluster;
  private final Path log;
  private final Path secrets;
  private final PostgresCommands commands;
  private final CountDownLatch stopping = new CountDownLatch(1);

  /** Held while the server is started or stopped. */
  private final Object process = new Object();

  private EmbeddedPostgres(Path data, Path binaries) {
    this.cluster = data.resolve("postgres");
    this.log = data.resolve("log");
    this.secrets = data.resolve("postgres-passwords");
    this.commands = new PostgresCommands(binaries, log.resolve("postgres-start.log"));
  }

  /**
   * Starts the server below {@code data}, or takes over the one that runs there already.
   *
   * @param version of the binaries in the class path
   * @throws StartupFailure when it cannot be started, with the way out
   */
  static Database start(Path data, String version) {
    try {
      Path binaries = PostgresBinaries.unpacked(data.resolve("postgres-binaries"), version);
      return new EmbeddedPostgres(data, binaries).start();
    } catch (IOException failed) {
      throw new StartupFailure(
          "The built-in PostgreSQL in "
              + data
              + " could not be started ("
              + failed.getMessage()
              + "); or set FUNKHAUS_DATABASE_URL to a PostgreSQL of your own.",
          failed);
    }
  }

  private Database start() throws IOException {
    Files.createDirectories(log);
    Properties passwords = passwords();
    if (!Files.exists(cluster.resolve("PG_VERSION"))) {
      initialise(passwords.getProperty(SUPERUSER));
    }
    refuseOtherVersion();
    boolean adopted = adopt();
    if (!adopted) {
      Files.writeString(cluster.resolve("funkhaus.conf"), configuration(port()));
      commands.start(cluster);
    }
    int port = configuredPort();
    Database database =
        new Database(jdbcUrl(port, DATABASE), ROLE, passwords.getProperty(ROLE), this::stop);
    try {
      if (!letsIn(database)) {
        provision(port, passwords);
      }
    } catch (SQLException failed) {
      database.close();
      throw new IOException("the server runs but does not let us in: " + failed.getMessage());
    }
    Thread.ofVirtual().name("postgres-watch").start(this::watch);
    LOG.info("event=postgres_ready kind=embedded adopted={} port={}", adopted, port);
    return database;
  }

  private void stop() {
    stopping.countDown();
    synchronized (process) {
      if (runs()) {
        commands.stop(cluster);
      }
    }
  }

  /** Starts the server again when it ended without us, for example by the kernel for its memory. */
  private void watch() {
    try {
      while (!stopping.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
        synchronized (process) {
          if (stopping.getCount() > 0 && !runs()) {
            LOG.error("event=postgres_died action=start-again");
            startAgain();
          }
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void startAgain() {
    try {
      Files.deleteIfExists(pidFile());
      commands.start(cluster);
      LOG.info("event=postgres_ready kind=embedded adopted=false");
    } catch (IOException failed) {
      LOG.error("event=postgres_start_failed detail=\"{}\"", failed.getMessage());
    }
  }

  /** Fills a new cluster beside the place where it will live, so that half of one is never used. */
  private void initialise(String superuserPassword) throws IOException {
    if (Files.exists(cluster) && !isEmpty(cluster)) {
      throw new IOException(cluster + " holds files that are not a PostgreSQL cluster");
    }
    Path partial = cluster.resolveSibling("postgres.partial");
    PostgresBinaries.deleteTree(partial);
    Path passwordFile = writeSecret(cluster.resolveSibling("postgres.initial"), superuserPassword);
    try {
      commands.initialise(partial, SUPERUSER, passwordFile);
    } finally {
      Files.deleteIfExists(passwordFile);
    }
    Files.writeString(
        partial.resolve("postgresql.conf"),
        Files.readString(partial.resolve("postgresql.conf")) + "\ninclude = 'funkhaus.conf'\n");
    Files.writeString(partial.resolve("funkhaus.conf"), configuration(freePort()));
    Files.deleteIfExists(cluster);
    Files.move(partial, cluster, StandardCopyOption.ATOMIC_MOVE);
  }

  private void refuseOtherVersion() throws IOException {
    String version = Files.readString(cluster.resolve("PG_VERSION")).strip();
    if (!version.equals(MAJOR)) {
      throw new StartupFailure(
          "The database in "
              + cluster
              + " was made by PostgreSQL "
              + version
              + " and this Funkhaus has PostgreSQL "
              + MAJOR
              + "; use the release that made it to dump it, or set FUNKHAUS_DATABASE_URL.");
    }
  }

  /**
   * Takes over a server that outlived a killed service if it has the settings we would give it;
   * stops it if not. A PID file that names no living server is deleted, because PostgreSQL would
   * not start when another process has got the number since.
   */
  private boolean adopt() throws IOException {
    Path pidFile = pidFile();
    if (!Files.exists(pidFile)) {
      return false;
    }
    List<String> lines = Files.readAllLines(pidFile);
    if (lines.isEmpty() || !isServer(lines.getFirst().strip())) {
      LOG.warn("event=postgres_pid_stale file={}", pidFile);
      Files.deleteIfExists(pidFile);
      return false;
    }
    boolean ready = lines.size() >= 8 && lines.get(7).strip().equals("ready");
    int port = configuredPort();
    if (ready
        && Files.readString(cluster.resolve("funkhaus.conf")).equals(configuration(port))
        && lines.get(3).strip().equals(String.valueOf(port))) {
      return true;
    }
    LOG.warn("event=postgres_left_over_stopped pid={}", lines.getFirst());
    commands.stop(cluster);
    return false;
  }

  private Path pidFile() {
    return cluster.resolve("postmaster.pid");
  }

  private boolean runs() {
    try (Stream<String> lines = Files.lines(pidFile())) {
      return isServer(lines.findFirst().orElse("").strip());
    } catch (IOException noFile) {
      return false;
    }
  }

  /** Whether that process is alive, no zombie, and a server of this cluster. */
  private boolean isServer(String pid) {
    try {
      String command =
          Files.readString(Path.of("/proc", pid, "cmdline"), StandardCharsets.ISO_8859_1);
      return command.contains("postgres") && command.contains(cluster.toString());
    } catch (IOException gone) {
      return false;
    }
  }

  private static boolean letsIn(Database database) {
    try (Connection connection =
        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
      return connection.isValid(5);
    } catch (SQLException notYet) {
      return false;
    }
  }

  /** The service's own role: owner of its database, and nothing else in the server. */
  private static void provision(int port, Properties passwords) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                jdbcUrl(port, "postgres"), SUPERUSER, passwords.getProperty(SUPERUSER));
        Statement statement = connection.createStatement()) {
      boolean hasRole = has(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + ROLE + "'");
      // Made of 32 random bytes in URL-safe base 64: no character that needs quoting.
      statement.execute(
          (hasRole ? "ALTER" : "CREATE")
              + " ROLE "
              + ROLE
              + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '"
              + passwords.getProperty(ROLE)
              + "'");
      if (!has(statement, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
        statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + ROLE);
        statement.execute("REVOKE ALL ON DATABASE " + DATABASE + " FROM PUBLIC");
      }
    }
  }

  private static boolean has(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  private Properties passwords() throws IOException {
    Properties passwords = new Properties();
    if (Files.exists(secrets)) {
      try (var in = Files.newBufferedReader(secrets)) {
        passwords.load(in);
      }
    }
    if (passwords.containsKey(SUPERUSER) && passwords.containsKey(ROLE)) {
      return passwords;
    }
    if (Files.exists(cluster.resolve("PG_VERSION"))) {
      throw new IOException("the file " + secrets + " with its passwords is missing or cut");
    }
    passwords.setProperty(SUPERUSER, password());
    passwords.setProperty(ROLE, password());
    writeSecret(
        secrets,
        SUPERUSER
            + "="
            + passwords.getProperty(SUPERUSER)
            + "\n"
            + ROLE
            + "="
            + passwords.getProperty(ROLE)
            + "\n");
    return passwords;
  }

  private static String password() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  private static Path writeSecret(Path file, String content) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, content);
  }

  private String configuration(int port) {
    return """
    # Written by Funkhaus at every start.
    listen_addresses = '127.0.0.1'
    port = %d
    unix_socket_directories = ''
    password_encryption = 'scram-sha-256'
    max_connections = 60
    shared_buffers = 128MB
    max_wal_size = 1GB
    jit = off
    timezone = 'UTC'
    log_timezone = 'UTC'
    logging_collector = on
    log_directory = '%s'
    log_filename = 'postgres-%%a.log'
    log_rotation_age = 1d
    log_rotation_size = 0
    log_truncate_on_rotation = on
    log_statement = 'none'
    log_min_error_statement = panic
    """
        .formatted(port, log.toString().replace("'", "''"));
  }

  private static String jdbcUrl(int port, String name) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
  }

  private int configuredPort() throws IOException {
    Path file = cluster.resolve("funkhaus.conf");
    Matcher port = PORT.matcher(Files.exists(file) ? Files.readString(file) : "");
    return port.find() ? Integer.parseInt(port.group(1)) : 0;
  }

  /** The port of the last time if it is free, so that whoever noted it down still finds it. */
  private int port() throws IOException {
    int last = configuredPort();
    if (last == 0) {
      return freePort();
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), last));
      return last;
    } catch (IOException taken) {
      return freePort();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }
}
