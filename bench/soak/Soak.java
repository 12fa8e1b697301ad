import java.io.IOException;
import java.io.Reader;
import java.net.CookieManager;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A service under steady load for a long time, with a fault every half minute, of every kind in turn
 * and in random order: what grows, and what went wrong. Run by {@code bench/soak/run.sh}, which starts
 * the service; one file, so that {@code java} runs it as it is.
 *
 * <pre>
 *   java Soak.java PORT MANAGEMENT_PORT DATA MINUTES SEED OUTPUT-DIRECTORY
 * </pre>
 */
final class Soak {
  private static final int CALLERS = 8;

  /** Channel, log, control, and the control group: they come and go with it. */
  private static final int FILES_OF_A_SANDBOX = 4;

  private static final double SHARE_OF_CAPACITY = 0.6;
  private static final Duration WARM_UP = Duration.ofSeconds(40);
  private static final Duration CALIBRATION = Duration.ofSeconds(10);
  private static final Duration SAMPLE_EVERY = Duration.ofSeconds(10);
  private static final Duration FAULT_EVERY = Duration.ofSeconds(30);
  private static final Duration COLLECT_EVERY = Duration.ofSeconds(50);

  /** What is done to it: containers, functions, callers, PostgreSQL. The engine stays as it is. */
  private static final List<String> KINDS =
      List.of(
          "container", "crash", "memory", "timeout", "disconnect", "backend", "postmaster");
  private static final Duration PUBLISH_EVERY = Duration.ofSeconds(20);

  private static final String QUICK = "exports.handler = async (e) => 'Hello, ' + e.name + '! %d';";
  private static final Map<String, String> FUNCTIONS =
      Map.of(
          "quick", QUICK,
          "talks", "exports.handler = async (e) => { console.log('line', e.name); return %d; };",
          "sleeps", "exports.handler = () => new Promise(d => setTimeout(d, 20, %d));");
  private static final String FAULTY =
      "exports.handler = async ({ fault }) => {"
          + " if (fault === 'crash') process.kill(process.pid, 'SIGSEGV');"
          + " if (fault === 'memory') for (const kept = []; ; ) kept.push(Buffer.alloc(1 << 20, 1));"
          + " if (fault === 'timeout') for (;;) ;"
          + " if (fault === 'slow') await new Promise(d => setTimeout(d, 1500));"
          + " return 'well'; };";

  private final int port;
  private final int managementPort;
  private final Path data;
  private final Duration length;
  private final Path output;
  private final Random random;
  private final List<Tenant> tenants = new ArrayList<>();
  private final Map<String, LongAdder> endings = new ConcurrentHashMap<>();
  private final Map<String, Integer> faults = new TreeMap<>();
  private final AtomicInteger published = new AtomicInteger();
  private final AtomicReference<String> trouble = new AtomicReference<>("");
  private volatile boolean stopping;
  private long collectedAt = System.nanoTime();
  private double liveMegabytes;

  private Soak(String[] arguments) {
    port = Integer.parseInt(arguments[0]);
    managementPort = Integer.parseInt(arguments[1]);
    data = Path.of(arguments[2]);
    length = Duration.ofSeconds(Math.round(60 * Double.parseDouble(arguments[3])));
    random = new Random(Long.parseLong(arguments[4]));
    output = Path.of(arguments[5]);
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 6) {
      System.err.println("usage: Soak.java PORT MANAGEMENT_PORT DATA MINUTES SEED OUTPUT-DIRECTORY");
      System.exit(2);
    }
    System.out.println("seed " + arguments[4]);
    System.exit(new Soak(arguments).run() ? 0 : 1);
  }

  private boolean run() throws Exception {
    for (int i = 1; i <= 2; i++) {
      tenants.add(new Tenant("soak" + i + "." + System.nanoTime() + "@example.org"));
    }
    load(WARM_UP, Double.MAX_VALUE);
    double capacity = load(CALIBRATION, Double.MAX_VALUE) / (double) CALIBRATION.toSeconds();
    endings.clear();
    System.out.printf(Locale.ROOT, "capacity %.0f/s, load %.0f/s%n", capacity, capacity * SHARE_OF_CAPACITY);
    Thread publisher = daemon(this::publish);
    Thread troublemaker = daemon(this::makeTrouble);
    Thread caller = daemon(() -> load(length, capacity * SHARE_OF_CAPACITY));
    List<Map<String, Double>> samples = new ArrayList<>();
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < length.toNanos()) {
      samples.add(sample((System.nanoTime() - begin) / 1e9));
      System.out.println(samples.getLast());
      TimeUnit.NANOSECONDS.sleep(SAMPLE_EVERY.toNanos());
    }
    stopping = true;
    caller.join(Duration.ofSeconds(90));
    publisher.join(Duration.ofSeconds(30));
    troublemaker.join(Duration.ofSeconds(30));
    return report(capacity, samples);
  }

  private static Thread daemon(Runnable work) {
    return Thread.ofPlatform().daemon().start(work);
  }

  // ---- load ----

  /** Calls at this rate, from several callers, each on its own schedule; returns how many. */
  private long load(Duration time, double perSecond) {
    LongAdder calls = new LongAdder();
    long begin = System.nanoTime();
    long gap = (long) (CALLERS * 1e9 / perSecond);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Tenant tenant = tenants.get(i % tenants.size());
      int first = i;
      callers.add(
          daemon(() -> {
            long next = begin + first * gap / CALLERS;
            for (int call = first; System.nanoTime() - begin < time.toNanos(); call++) {
              LockSupport.parkNanos(next - System.nanoTime());
              next = Math.max(next + gap, System.nanoTime() - gap);
              String function = call % 16 == 0 ? "sleeps" : call % 4 == 0 ? "talks" : "quick";
              count(tenant.invoke(function, "{\"name\":\"Alice\"}"));
              calls.increment();
            }
          }));
    }
    for (Thread thread : callers) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return calls.sum();
  }

  private void count(String ending) {
    endings.computeIfAbsent(ending, first -> new LongAdder()).increment();
  }

  private void publish() {
    for (int number = 1; !stopping; number++) {
      LockSupport.parkNanos(PUBLISH_EVERY.toNanos());
      try {
        tenants.get(number % tenants.size()).publish("quick", QUICK.formatted(number));
        published.incrementAndGet();
      } catch (IOException | InterruptedException e) {
        count("publish failed");
        trouble.set(String.valueOf(e.getMessage()));
      }
    }
  }

  // ---- faults ----

  private void makeTrouble() {
    Deque<String> deck = new ArrayDeque<>();
    while (!stopping) {
      LockSupport.parkNanos(faultEvery().toNanos());
      if (stopping) {
        return;
      }
      if (deck.isEmpty()) {
        List<String> shuffled = new ArrayList<>(KINDS);
        Collections.shuffle(shuffled, random);
        deck.addAll(shuffled);
      }
      String kind = deck.remove();
      System.out.println("fault: " + kind);
      try {
        fault(kind);
        faults.merge(kind, 1, Integer::sum);
      } catch (IOException | InterruptedException e) {
        trouble.set(kind + ": " + e.getMessage());
      }
    }
  }

  /** Every kind comes at least once, however short it is. */
  private Duration faultEvery() {
    Duration needed = length.dividedBy(KINDS.size() + 1);
    return needed.compareTo(FAULT_EVERY) < 0 ? needed : FAULT_EVERY;
  }

  private void fault(String kind) throws IOException, InterruptedException {
    Tenant tenant = tenants.get(random.nextInt(tenants.size()));
    switch (kind) {
      case "container" -> {
        List<String> running = containers();
        if (!running.isEmpty()) {
          command("docker", "kill", running.get(random.nextInt(running.size())));
        }
      }
      case "disconnect" -> tenant.callAndLeave("faulty", "{\"fault\":\"slow\"}");
      case "backend" -> killBackend();
      case "postmaster" -> ProcessHandle.of(postmaster()).ifPresent(ProcessHandle::destroyForcibly);
      default -> {
        String answer = tenant.invoke("faulty", "{\"fault\":\"" + kind + "\"}");
        System.out.println("fault " + kind + " was answered with " + answer);
      }
    }
  }

  private List<String> containers() throws IOException, InterruptedException {
    String instance = Files.readString(data.resolve("instance")).strip();
    return command("docker", "ps", "-q", "--filter", "label=fn.instance=" + instance)
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  /** One server process dies: PostgreSQL ends all of them and recovers from its log. */
  private void killBackend() throws IOException {
    ProcessHandle.of(postmaster()).stream()
        .flatMap(ProcessHandle::children)
        .max((a, b) -> Long.compare(a.pid(), b.pid()))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  private long postmaster() throws IOException {
    return Long.parseLong(
        Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst().strip());
  }

  private static String command(String... words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return answer;
  }

  // ---- samples ----

  private Map<String, Double> sample(double seconds) {
    Map<String, Double> sample = new LinkedHashMap<>();
    sample.put("seconds", seconds);
    try {
      Path process = Path.of("/proc", Files.readString(data.resolve("service.pid")).split(" ")[0].strip());
      sample.put("rss_mb", field(process.resolve("status"), "VmRSS") / 1024);
      sample.put("threads", field(process.resolve("status"), "Threads"));
      sample.put("files", (double) entries(process.resolve("fd")));
      sample.put("heap_mb", heap() / 1048576);
      sample.put("live_heap_mb", liveHeap(process.getFileName().toString()));
      sample.put("containers", (double) containers().size());
      sample.put(
          "other_files", sample.get("files") - FILES_OF_A_SANDBOX * sample.get("containers"));
      sample.put("directories", (double) entries(data.resolve("sandboxes")));
      sample.put("data_mb", kilobytes(data) / 1024);
      sample.put("postgres_mb", kilobytes(data.resolve("postgres")) / 1024);
      sample.put("journal_mb", kilobytes(data.resolve("journal")) / 1024);
      sample.put(
          "other_files_mb",
          sample.get("data_mb") - sample.get("postgres_mb") - sample.get("journal_mb"));
      sample.put("engine_mb", kilobytes(Path.of("/var/lib/docker/containers")) / 1024);
      tables(sample);
    } catch (IOException | SQLException | RuntimeException e) {
      sample.put("failed", 1.0);
      trouble.set("sample: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return sample;
  }

  private static double field(Path status, String name) throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  private static long entries(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.count();
    }
  }

  private double heap() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus"))
                  .timeout(Duration.ofSeconds(10))
                  .build(),
              BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  /** What is left after a collection that is asked for every now and then. */
  private double liveHeap(String process) throws IOException, InterruptedException {
    if (liveMegabytes == 0 || System.nanoTime() - collectedAt > COLLECT_EVERY.toNanos()) {
      collectedAt = System.nanoTime();
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      command(jcmd, process, "GC.run");
      liveMegabytes = heap() / 1048576;
    }
    return liveMegabytes;
  }

  private static double kilobytes(Path directory) throws IOException, InterruptedException {
    return Files.isDirectory(directory)
        ? Double.parseDouble(
            command("sh", "-c", "du -sk \"$0\" 2>/dev/null | cut -f1", directory.toString()).strip())
        : 0;
  }

  private void tables(Map<String, Double> sample) throws IOException, SQLException {
    Matcher databasePort =
        Pattern.compile("(?m)^port = ([0-9]+)$")
            .matcher(Files.readString(data.resolve("postgres/funkhaus.conf")));
    if (!databasePort.find()) {
      return;
    }
    Properties passwords = new Properties();
    try (Reader reader = Files.newBufferedReader(data.resolve("postgres-passwords"))) {
      passwords.load(reader);
    }
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + databasePort.group(1) + "/funkhaus?connectTimeout=5&socketTimeout=10",
                "funkhaus",
                passwords.getProperty("funkhaus"));
        ResultSet row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT sum(n_live_tup), sum(n_dead_tup),"
                        + " pg_database_size(current_database()) / 1048576.0"
                        + " FROM pg_stat_user_tables")) {
      row.next();
      sample.put("rows", row.getDouble(1));
      sample.put("dead_rows", row.getDouble(2));
      sample.put("database_mb", row.getDouble(3));
      sample.put("dead_percent", 100 * row.getDouble(2) / Math.max(1, row.getDouble(1)));
    }
  }

  // ---- report ----

  /** Of less, warming up is the whole of every slope: nothing is judged. */
  private static final Duration JUDGED_FROM = Duration.ofMinutes(15);

  /** What may grow with each call (records are kept) is told; what may not, is judged. */
  private static final Map<String, Double> LARGEST_GROWTH_PER_HOUR =
      Map.ofEntries(
          Map.entry("rss_mb", 200.0),
          Map.entry("live_heap_mb", 40.0),
          Map.entry("threads", 30.0),
          Map.entry("other_files", 60.0),
          Map.entry("containers", 30.0),
          Map.entry("directories", 30.0),
          Map.entry("other_files_mb", 60.0),
          Map.entry("dead_percent", 20.0),
          Map.entry("engine_mb", 20.0));

  /**
   * The journal takes its disk in segments of 16 MB and uses them again: another one is a step and
   * no slope, so its size is judged. Two are in use, one is spare, one is for a slow database.
   */
  private static final double LARGEST_JOURNAL_MEGABYTES = 65;

  private boolean report(double capacity, List<Map<String, Double>> samples) throws IOException {
    List<Map<String, Double>> settled =
        samples.stream().filter(sample -> sample.get("seconds") >= length.toSeconds() / 5.0).toList();
    StringBuilder table = new StringBuilder();
    StringBuilder json = new StringBuilder();
    double journal =
        samples.stream().mapToDouble(s -> s.getOrDefault("journal_mb", 0.0)).max().orElse(0);
    boolean well =
        faults.keySet().containsAll(KINDS) && journal <= LARGEST_JOURNAL_MEGABYTES;
    table.append("| measure | first | last | slope per hour | bound | verdict |\n|---|---|---|---|---|---|\n");
    for (String name : names(settled)) {
      List<Map<String, Double>> with = settled.stream().filter(s -> s.containsKey(name)).toList();
      double slope = slopePerHour(name, with);
      Double bound =
          length.compareTo(JUDGED_FROM) < 0 ? null : LARGEST_GROWTH_PER_HOUR.get(name);
      boolean good = bound == null || slope <= bound;
      well &= good;
      table.append(
          "| %s | %.1f | %.1f | %+.1f | %s | %s |%n"
              .formatted(
                  name,
                  with.getFirst().get(name),
                  with.getLast().get(name),
                  slope,
                  bound == null ? "told only" : "%.0f".formatted(bound),
                  bound == null ? "" : good ? "level" : "GROWS"));
      json.append(json.isEmpty() ? "" : ",").append("\"%s\":%s".formatted(name, slope));
    }
    Map<String, Long> counted = new TreeMap<>();
    endings.forEach((ending, count) -> counted.put(ending, count.sum()));
    long all = counted.values().stream().mapToLong(Long::longValue).sum();
    double succeeded = all == 0 ? 0 : 100.0 * counted.getOrDefault("200", 0L) / all;
    String verdict = well ? "level: nothing grows that must not" : "NOT WELL: see the verdicts";
    String text =
        "Verdict: %s%n".formatted(verdict)
            + "Soak of %d s at %.0f %% of %.0f calls/s; faults %s; %d versions published%n%nanswers %s: %.3f %% succeeded%nlast trouble of the driver: %s%n%n%s"
            .formatted(
                length.toSeconds(), 100 * SHARE_OF_CAPACITY, capacity, faults, published.get(),
                counted, succeeded, trouble.get(), table);
    System.out.println(text);
    Files.createDirectories(output);
    Files.writeString(output.resolve("soak.md"), text);
    Files.writeString(
        output.resolve("soak.json"),
        "{\"seconds\":%d,\"capacity\":%s,\"answers\":%s,\"faults\":%s,\"slopesPerHour\":{%s},\"samples\":%s}%n"
            .formatted(length.toSeconds(), capacity, object(counted), object(faults), json,
                samples.stream().map(Soak::object).toList()));
    return well;
  }

  private static List<String> names(List<Map<String, Double>> samples) {
    return samples.stream()
        .flatMap(sample -> sample.keySet().stream())
        .distinct()
        .filter(name -> !name.equals("seconds"))
        .toList();
  }

  private static String object(Map<String, ? extends Number> map) {
    List<String> fields = new ArrayList<>();
    map.forEach((name, value) -> fields.add("\"" + name + "\":" + value));
    return "{" + String.join(",", fields) + "}";
  }

  /** Least squares. */
  private static double slopePerHour(String name, List<Map<String, Double>> samples) {
    double meanX = samples.stream().mapToDouble(s -> s.get("seconds")).average().orElse(0);
    double meanY = samples.stream().mapToDouble(s -> s.get(name)).average().orElse(0);
    double above = 0;
    double below = 0;
    for (Map<String, Double> sample : samples) {
      double x = sample.get("seconds") - meanX;
      above += x * (sample.get(name) - meanY);
      below += x * x;
    }
    return below == 0 ? 0 : 3600 * above / below;
  }

  // ---- a tenant ----

  private final class Tenant {
    private final HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager())
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String key;

    Tenant(String email) throws IOException, InterruptedException {
      String token = token(send("GET", "/sign-up", "", "", Map.of()));
      send(
          "POST",
          "/sign-up",
          "_csrf=" + encoded(token) + "&email=" + encoded(email) + "&password=measured-twice-cut-once-7",
          "application/x-www-form-urlencoded",
          Map.of());
      token = token(send("GET", "/functions", "", "", Map.of()));
      HttpResponse<String> made =
          send(
              "POST",
              "/api/v1/keys",
              "{\"name\":\"soak\",\"scope\":\"full\"}",
              "application/json",
              Map.of("X-CSRF-TOKEN", token));
      Matcher secret = Pattern.compile("\"secret\":\"([^\"]+)\"").matcher(made.body());
      if (!secret.find()) {
        throw new IOException("making a key was answered with " + made.body());
      }
      key = secret.group(1);
      for (Map.Entry<String, String> function : FUNCTIONS.entrySet()) {
        create(function.getKey(), function.getValue().formatted(0), 5);
      }
      create("faulty", FAULTY, 3);
    }

    private void create(String name, String source, int timeout)
        throws IOException, InterruptedException {
      HttpResponse<String> created =
          api(
              "POST",
              "/functions",
              "{\"name\":\"%s\",\"runtime\":\"nodejs22.x\",\"timeout\":%d,\"files\":{\"index.js\":\"%s\"}}"
                  .formatted(name, timeout, source.replace("\"", "\\\"")),
              Map.of());
      if (created.statusCode() != 201) {
        throw new IOException("creating " + name + " was answered with " + created.body());
      }
    }

    void publish(String name, String source) throws IOException, InterruptedException {
      String tag = api("GET", "/functions/" + name, "", Map.of()).headers().firstValue("ETag").orElse("");
      HttpResponse<String> saved =
          api(
              "PUT",
              "/functions/" + name + "/code",
              "{\"files\":{\"index.js\":\"" + source + "\"}}",
              Map.of("If-Match", tag));
      HttpResponse<String> version = api("POST", "/functions/" + name + "/versions", "{}", Map.of());
      if (saved.statusCode() != 200 || version.statusCode() != 201) {
        throw new IOException("publishing was answered with " + saved.statusCode() + " and " + version.statusCode());
      }
    }

    /** The status, or what broke. */
    String invoke(String function, String event) {
      try {
        return String.valueOf(
            api("POST", "/functions/" + function + "/invocations", event, Map.of()).statusCode());
      } catch (IOException e) {
        return e.getClass().getSimpleName();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "interrupted";
      }
    }

    /** Sends a call and closes the connection after 100 ms. */
    void callAndLeave(String function, String event) throws IOException, InterruptedException {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket
            .getOutputStream()
            .write(
                ("POST /api/v1/functions/%s/invocations HTTP/1.1\r\nHost: localhost:%d\r\nAuthorization: Bearer %s\r\n"
                        + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s")
                    .formatted(function, port, key, event.length(), event)
                    .getBytes(StandardCharsets.UTF_8));
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }

    private HttpResponse<String> api(String method, String path, String body, Map<String, String> more)
        throws IOException, InterruptedException {
      Map<String, String> headers = new LinkedHashMap<>(more);
      headers.put("Authorization", "Bearer " + key);
      return send(method, "/api/v1" + path, body, "application/json", headers);
    }

    private HttpResponse<String> send(
        String method, String path, String body, String type, Map<String, String> headers)
        throws IOException, InterruptedException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
              .timeout(Duration.ofSeconds(60))
              .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
      headers.forEach(request::header);
      if (!type.isEmpty()) {
        request.header("Content-Type", type);
      }
      return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String token(HttpResponse<String> page) throws IOException {
      Matcher meta = Pattern.compile("<meta name=\"csrf\" content=\"([^\"]+)\"").matcher(page.body());
      if (!meta.find()) {
        throw new IOException("the page has no token: " + page.statusCode());
      }
      return meta.group(1);
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }
}
