package io.funkhaus.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a problem document. Used by {@link ProblemResolver} and by security filters, which answer
 * before a controller is reached.
 */
@Component
public final class ProblemWriter {
  private final JsonMapper json;

  ProblemWriter(JsonMapper json) {
    this.json = json;
  }

  /** Replaces whatever the answer held so far; the answer must not be committed. */
  public void write(
      HttpServletRequest request, HttpServletResponse response, ProblemException problem)
      throws IOException {
    response.resetBuffer();
    response.setStatus(problem.status().value());
    response.setHeader(RequestId.HEADER, RequestId.of(request).toString());
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    problem
        .retryAfter()
        .ifPresent(
            after -> response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds(after))));
    byte[] body = json.writeValueAsBytes(document(request, problem));
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /** The members of the document, in the order in which a person wants to read them. */
  public static Map<String, Object> document(HttpServletRequest request, ProblemException problem) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "urn:funkhaus:problem:" + problem.code());
    document.put("title", problem.title());
    document.put("status", problem.status().value());
    document.put("detail", problem.detail());
    document.put("code", problem.code());
    document.put("requestId", RequestId.of(request).toString());
    document.putAll(problem.properties());
    return document;
  }

  private static long seconds(Duration duration) {
    return Math.max(1, duration.plusMillis(999).toSeconds());
  }
}
