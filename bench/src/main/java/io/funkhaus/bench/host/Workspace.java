package io.funkhaus.bench.host;

import io.funkhaus.bench.load.Request;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One tenant: signs up on the page, makes itself a key, and uses the REST API from then on. */
public final class Workspace {
  /** What all measured functions run on, and the peers on the same binary. */
  public static final String RUNTIME = "nodejs22.x";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration ASKED = Duration.ofMinutes(1);
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]*)\"");
  private static final Pattern CSRF_META =
      Pattern.compile("name=\"csrf\"[^>]*content=\"([^\"]*)\"");

  private final HttpClient http;
  private final int port;
  private final String key;

  private Workspace(HttpClient http, int port, String key) {
    this.http = http;
    this.port = port;
    this.key = key;
  }

  public static Workspace signUp(int port, String name) throws IOException, InterruptedException {
    HttpClient http =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    String form = page(http, port, "/sign-up");
    String fields =
        "_csrf="
            + encoded(found(CSRF, form))
            + "&email="
            + encoded(name + "@example.org")
            + "&password="
            + encoded("measured-twice-cut-once-7");
    HttpResponse<String> signedUp =
        http.send(
            to(port, "/sign-up")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(fields))
                .build(),
            BodyHandlers.ofString());
    if (signedUp.statusCode() / 100 != 3) {
      throw new IOException("signing up was answered with " + signedUp.statusCode());
    }
    String token = found(CSRF_META, page(http, port, "/functions"));
    HttpResponse<String> created =
        http.send(
            to(port, "/api/v1/keys")
                .header("Content-Type", "application/json")
                .header("X-CSRF-TOKEN", token)
                .POST(BodyPublishers.ofString("{\"name\":\"bench\",\"scope\":\"full\"}"))
                .build(),
            BodyHandlers.ofString());
    if (created.statusCode() != 201) {
      throw new IOException("making a key was answered with " + created.body());
    }
    return new Workspace(http, port, JSON.readTree(created.body()).get("secret").asString());
  }

  private static String page(HttpClient http, int port, String path)
      throws IOException, InterruptedException {
    return http.send(to(port, path).build(), BodyHandlers.ofString()).body();
  }

  private static HttpRequest.Builder to(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).timeout(ASKED);
  }

  private static String found(Pattern pattern, String page) throws IOException {
    Matcher matcher = pattern.matcher(page);
    if (!matcher.find()) {
      throw new IOException("the page has no token");
    }
    return matcher.group(1);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  public String key() {
    return key;
  }

  /**
   * Makes a function of one file.
   *
   * @param source of index.js
   * @return its revision
   */
  public long create(String name, String source) throws IOException, InterruptedException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("runtime", RUNTIME);
    body.put("memory", 128);
    body.put("timeout", 30);
    body.put("files", Map.of("index.js", source));
    return call("POST", "/functions", body, 0).get("revision").asLong();
  }

  /**
   * Saves other code.
   *
   * @return the new revision
   */
  public long save(String name, String source, long revision)
      throws IOException, InterruptedException {
    Map<String, Object> body = Map.of("files", Map.of("index.js", source));
    return call("PUT", "/functions/" + name + "/code", body, revision).get("revision").asLong();
  }

  /**
   * Publishes what is saved.
   *
   * @return the number of the version
   */
  public int publish(String name) throws IOException, InterruptedException {
    return call("POST", "/functions/" + name + "/versions", Map.of(), 0).get("number").asInt();
  }

  public void delete(String name) throws IOException, InterruptedException {
    call("DELETE", "/functions/" + name, Map.of(), 0);
  }

  /** The call of a function, ready to be sent. */
  public Request invocation(String function, String qualifier) {
    return Request.post(port, path(function, qualifier), key, "{\"name\":\"Alice\"}");
  }

  public String url(String function) {
    return "http://127.0.0.1:" + port + path(function, "");
  }

  private static String path(String function, String qualifier) {
    return "/api/v1/functions/"
        + function
        + "/invocations"
        + (qualifier.isEmpty() ? "" : "?qualifier=" + qualifier);
  }

  private JsonNode call(String method, String path, Map<String, Object> body, long revision)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        to(port, "/api/v1" + path)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(
                method,
                method.equals("DELETE")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)));
    if (revision > 0) {
      request.header("If-Match", "\"" + revision + "\"");
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(method + " " + path + " was answered with " + response.body());
    }
    return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
  }
}
