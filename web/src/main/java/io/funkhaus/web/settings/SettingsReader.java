package io.funkhaus.web.settings;

import io.funkhaus.web.settings.Settings.Capacity;
import io.funkhaus.web.settings.Settings.Queue;
import io.funkhaus.web.settings.Settings.Retention;
import io.funkhaus.web.startup.StartupFailure;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link Settings} of environment variables, once, at start. Refuses what it does not know or
 * cannot honour, with a sentence that names the variable, its value and the rule.
 */
public final class SettingsReader {
  private static final Pattern PATH_PREFIX = Pattern.compile("(/[A-Za-z0-9_-]+)*");

  /** Unix socket paths hold 107 bytes; what the service appends needs the rest. */
  private static final int LONGEST_DATA_PATH = 60;

  /** The engine is asked at most 16 things at a time; some are left for what must be removed. */
  private static final int MOST_STARTS = 12;

  /** Whoever waits has a connection, of which the service holds 4,096. */
  private static final int LONGEST_QUEUE = 4_000;

  /** Unless it is said otherwise, one tenant may have so much of the queue: a quarter. */
  private static final int TENANTS_PART = 4;

  private static final String PREFIX = "FUNKHAUS_";
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})\\s*([mMgG]?)[iI]?[bB]?");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,7})([smhd])");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}");
  private static final Pattern DATABASE_URL =
      Pattern.compile("(?:jdbc:)?postgres(?:ql)?://(?:([^@/]*)@)?([^/?]+)/([^?]+)(?:\\?(.*))?");

  private final Map<String, String> environment;
  private final Set<String> known = new TreeSet<>();

  private SettingsReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads and checks every setting.
   *
   * @param environment of the process
   * @param machine for defaults
   * @throws StartupFailure for the first variable that is wrong
   */
  public static Settings read(Map<String, String> environment, Machine machine) {
    SettingsReader reader = new SettingsReader(environment);
    Settings settings = reader.settings(machine);
    reader.refuseUnknown();
    return settings;
  }

  private Settings settings(Machine machine) {
    InetAddress address = address("FUNKHAUS_ADDRESS", "127.0.0.1");
    int port = number("FUNKHAUS_PORT", 8080, 0, 65_535);
    int managementPort = number("FUNKHAUS_MANAGEMENT_PORT", 9090, 0, 65_535);
    if (port != 0 && port == managementPort) {
      throw new StartupFailure(
          "FUNKHAUS_PORT and FUNKHAUS_MANAGEMENT_PORT are both "
              + port
              + "; give them different ports.");
    }
    return new Settings(
        address,
        port,
        managementPort,
        publicUrl(port),
        data(machine.home()),
        database(),
        dockerHost(),
        label("FUNKHAUS_IMAGE_TAG", "dev"),
        label("FUNKHAUS_INSTANCE", ""),
        new Capacity(
            size("FUNKHAUS_MEMORY_BUDGET", Math.max(512, machine.memoryMegabytes() * 7 / 10), 256),
            number("FUNKHAUS_TENANT_CONCURRENCY", 100, 1, 100_000),
            number("FUNKHAUS_FUNCTION_CONCURRENCY", 50, 1, 100_000),
            number("FUNKHAUS_PARALLEL_STARTS", 3, 1, MOST_STARTS),
            number("FUNKHAUS_STEMS", 2, 0, 100),
            queue()),
        new Retention(
            duration("FUNKHAUS_RETENTION_INVOCATIONS", Duration.ofDays(30), Duration.ofDays(1)),
            duration("FUNKHAUS_RETENTION_LOGS", Duration.ofDays(14), Duration.ofDays(1)),
            size("FUNKHAUS_JOURNAL_LIMIT", 2048, 16),
            duration("FUNKHAUS_JOURNAL_FORCE", Duration.ZERO, Duration.ZERO)),
        duration("FUNKHAUS_DRAIN", Duration.ofSeconds(25), Duration.ofSeconds(1)),
        logFormat());
  }

  private Queue queue() {
    int total = number("FUNKHAUS_QUEUE", 2_000, 1, LONGEST_QUEUE);
    int perTenant =
        number("FUNKHAUS_TENANT_QUEUE", Math.ceilDiv(total, TENANTS_PART), 1, LONGEST_QUEUE);
    if (perTenant > total) {
      throw new StartupFailure(
          "FUNKHAUS_TENANT_QUEUE must be at most FUNKHAUS_QUEUE, which is "
              + total
              + "; it is '"
              + perTenant
              + "'. Lower it, or raise FUNKHAUS_QUEUE.");
    }
    return new Queue(
        total,
        perTenant,
        duration(
            "FUNKHAUS_QUEUE_WAIT",
            Duration.ofSeconds(15),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5)));
  }

  private @Nullable String text(String name) {
    known.add(name);
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private int number(String name, int otherwise, int least, int most) {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notOne) {
      // Told below, like a number that is out of range.
    }
    throw wrong(name, value, "a number from " + least + " to " + most);
  }

  private int size(String name, int otherwiseMegabytes, int leastMegabytes) {
    String value = text(name);
    if (value == null) {
      return otherwiseMegabytes;
    }
    Matcher size = SIZE.matcher(value);
    if (size.matches()) {
      boolean gigabytes = size.group(2).equalsIgnoreCase("g");
      long megabytes = Long.parseLong(size.group(1)) * (gigabytes ? 1024 : 1);
      if (megabytes >= leastMegabytes && megabytes <= Integer.MAX_VALUE) {
        return (int) megabytes;
      }
    }
    throw wrong(name, value, "a size like 4096M or 4G, at least " + leastMegabytes + "M");
  }

  private Duration duration(String name, Duration otherwise, Duration least) {
    return duration(name, otherwise, least, null);
  }

  /**
   * @param most null when it may be as long as it likes
   */
  private Duration duration(
      String name, Duration otherwise, Duration least, @Nullable Duration most) {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    Matcher duration = DURATION.matcher(value);
    if (duration.matches()) {
      long amount = Long.parseLong(duration.group(1));
      Duration parsed =
          switch (duration.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          };
      if (parsed.compareTo(least) >= 0 && (most == null || parsed.compareTo(most) <= 0)) {
        return parsed;
      }
    }
    String range =
        "at least "
            + least.toSeconds()
            + "s"
            + (most == null ? "" : " and at most " + most.toSeconds() + "s");
    throw wrong(name, value, "a duration like 90s, 5m, 12h or 30d, " + range);
  }

  private String label(String name, String otherwise) {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    if (!LABEL.matcher(value).matches()) {
      throw wrong(name, value, "1 to 63 letters, digits, '.', '_' or '-'");
    }
    return value;
  }

  private InetAddress address(String name, String otherwise) {
    String value = Objects.requireNonNullElse(text(name), otherwise);
    try {
      return InetAddress.getByName(value);
    } catch (UnknownHostException unknown) {
      throw wrong(
          name, value, "an address of this machine, like 127.0.0.1, or 0.0.0.0 for every one");
    }
  }

  private URI publicUrl(int port) {
    String value = text("FUNKHAUS_PUBLIC_URL");
    if (value == null) {
      return URI.create("http://localhost:" + port);
    }
    try {
      URI url = new URI(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
      String scheme = Objects.requireNonNullElse(url.getScheme(), "").toLowerCase(Locale.ROOT);
      boolean plain = url.getRawQuery() == null && url.getRawFragment() == null;
      boolean prefix = PATH_PREFIX.matcher(url.getRawPath()).matches();
      if ((scheme.equals("http") || scheme.equals("https"))
          && url.getHost() != null
          && plain
          && prefix) {
        return url;
      }
    } catch (URISyntaxException notOne) {
      // Told below.
    }
    throw wrong(
        "FUNKHAUS_PUBLIC_URL",
        value,
        "an address like https://functions.example.org or https://example.org/functions");
  }

  private Path data(Path home) {
    String value = text("FUNKHAUS_DATA");
    try {
      Path data =
          value == null ? home.resolve(".local/share/funkhaus") : Path.of(value).toAbsolutePath();
      Path normal = data.normalize();
      int length = normal.toString().getBytes(StandardCharsets.UTF_8).length;
      if (length > LONGEST_DATA_PATH) {
        throw wrong(
            "FUNKHAUS_DATA",
            normal.toString(),
            "a path of at most "
                + LONGEST_DATA_PATH
                + " bytes, because paths of unix sockets are short (this one has "
                + length
                + ")");
      }
      return normal;
    } catch (InvalidPathException notOne) {
      throw wrong("FUNKHAUS_DATA", String.valueOf(value), "a directory");
    }
  }

  private URI dockerHost() {
    known.add("DOCKER_HOST");
    String own = text("FUNKHAUS_DOCKER_HOST");
    String value = own == null ? text("DOCKER_HOST") : own;
    String name = own == null ? "DOCKER_HOST" : "FUNKHAUS_DOCKER_HOST";
    try {
      URI host = new URI(Objects.requireNonNullElse(value, "unix:///var/run/docker.sock"));
      if ("unix".equals(host.getScheme()) && host.getPath() != null) {
        return host;
      }
    } catch (URISyntaxException notOne) {
      // Told below.
    }
    throw wrong(
        name,
        String.valueOf(value),
        "an engine on this machine, like unix:///var/run/docker.sock (sandboxes talk to the service"
            + " by unix sockets)");
  }

  private LogFormat logFormat() {
    String value = Objects.requireNonNullElse(text("FUNKHAUS_LOG_FORMAT"), "text");
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "text" -> LogFormat.TEXT;
      case "json" -> LogFormat.JSON;
      default -> throw wrong("FUNKHAUS_LOG_FORMAT", value, "text or json");
    };
  }

  private DatabaseSettings database() {
    String value = text("FUNKHAUS_DATABASE_URL");
    if (value == null) {
      return new DatabaseSettings.Embedded();
    }
    Matcher url = DATABASE_URL.matcher(value);
    if (!url.matches()) {
      throw new StartupFailure(
          "FUNKHAUS_DATABASE_URL must be like postgresql://user:password@host:5432/database or"
              + " jdbc:postgresql://host:5432/database?user=…&password=…; what is set is not (its"
              + " value is not shown, because it may hold a password).");
    }
    return external(url);
  }

  private static DatabaseSettings.External external(Matcher url) {
    String user = "";
    String password = "";
    if (url.group(1) != null) {
      String[] credentials = url.group(1).split(":", 2);
      user = decoded(credentials[0]);
      password = credentials.length > 1 ? decoded(credentials[1]) : "";
    }
    StringBuilder rest = new StringBuilder();
    String query = url.group(4) == null ? "" : url.group(4);
    for (String parameter : query.split("&", -1)) {
      if (parameter.startsWith("user=")) {
        user = decoded(parameter.substring("user=".length()));
      } else if (parameter.startsWith("password=")) {
        password = decoded(parameter.substring("password=".length()));
      } else if (!parameter.isEmpty()) {
        rest.append(rest.isEmpty() ? '?' : '&').append(parameter);
      }
    }
    if (user.isEmpty()) {
      throw new StartupFailure(
          "FUNKHAUS_DATABASE_URL names no user; write it as"
              + " postgresql://user:password@host:5432/database.");
    }
    return new DatabaseSettings.External(
        "jdbc:postgresql://" + url.group(2) + "/" + url.group(3) + rest, user, password);
  }

  /** Percent-decoding as in a URI: a plus stays a plus. */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }

  /** A misspelt variable would otherwise be a setting that is silently not honoured. */
  private void refuseUnknown() {
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(PREFIX) && !known.contains(name)) {
        throw new StartupFailure(
            name + " is not a setting of Funkhaus; the nearest one is " + nearest(name) + ".");
      }
    }
  }

  private String nearest(String name) {
    return known.stream()
        .filter(candidate -> candidate.startsWith(PREFIX))
        .min(Comparator.comparingInt(candidate -> distance(candidate, name)))
        .orElseThrow();
  }

  /** Edits (insert, delete, replace one character) that turn one word into the other. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }

  private static StartupFailure wrong(String name, String value, String rule) {
    return new StartupFailure(name + " must be " + rule + "; it is '" + value + "'.");
  }
}
