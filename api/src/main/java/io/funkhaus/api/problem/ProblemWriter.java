package io.funkhaus.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private static final String MEANT = ProblemWriter.class.getName();

  /** By their names, because not all of them are on the class path of this module. */
  private static final Set<String> CONNECTION_FAILURES =
      Set.of("ClientAbortException", "BadRequestException", "AsyncRequestNotUsableException");

  private static final Logger LOG = LoggerFactory.getLogger(ProblemWriter.class);

  private final JsonMapper json;

  ProblemWriter(JsonMapper json) {
    this.json = json;
  }

  /**
   * Answers with what an exception means to the caller; the cause of a fault of ours goes to the
   * log. Nothing is written when the answer is on its way already or the connection failed.
   */
  public void answer(
      HttpServletRequest request, HttpServletResponse response, Exception exception) {
    if (connectionFailed(exception)) {
      LOG.debug("event=connection_failed request={}", RequestId.of(request));
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
    request.setAttribute(MEANT, problem);
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

  /** Nobody waits for an answer, or the web server gives its own: {@link ErrorDispatchFilter}. */
  private static boolean connectionFailed(Exception exception) {
    return CONNECTION_FAILURES.contains(exception.getClass().getSimpleName());
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

  /**
   * What {@link #answer} meant to say, or has said. Once the web server has met an error itself, it
   * takes no more answers until it dispatches that error.
   */
  static Optional<ProblemException> meant(HttpServletRequest request) {
    return request.getAttribute(MEANT) instanceof ProblemException problem
        ? Optional.of(problem)
        : Optional.empty();
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
