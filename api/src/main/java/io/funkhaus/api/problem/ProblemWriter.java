package io.funkhaus.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a problem document. Used by {@link ProblemResolver} and by security filters, which answer
 * before a controller is reached.
 */
@Component
public final class ProblemWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemWriter.class);

  private final JsonMapper json;

  ProblemWriter(JsonMapper json) {
    this.json = json;
  }

  /**
   * Answers with what an exception means to the caller; the cause of a fault of ours goes to the
   * log. Nothing is written when the answer is on its way already or nobody waits for it.
   */
  public void answer(
      HttpServletRequest request, HttpServletResponse response, Exception exception) {
    if (callerIsGone(exception)) {
      LOG.debug("event=caller_gone request={}", RequestId.of(request));
      return;
    }
    ProblemException problem = Problems.of(exception, request);
    if (problem.status().is5xxServerError() && !(exception instanceof ProblemException)) {
      LOG.error(
          "event=request_failed request={} method={} path={} code={}",
          RequestId.of(request),
          request.getMethod(),
          request.getRequestURI(),
          problem.code(),
          exception);
    }
    if (response.isCommitted()) {
      return;
    }
    if (exception instanceof HttpRequestMethodNotSupportedException method
        && method.getSupportedMethods() != null) {
      response.setHeader(HttpHeaders.ALLOW, String.join(", ", method.getSupportedMethods()));
    }
    try {
      write(request, response, problem);
    } catch (IOException e) {
      LOG.debug(
          "event=answer_not_written request={} reason={}", RequestId.of(request), e.toString());
    }
  }

  private static boolean callerIsGone(Exception exception) {
    String name = exception.getClass().getSimpleName();
    return name.equals("ClientAbortException") || name.equals("AsyncRequestNotUsableException");
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
