package io.funkhaus.api.problem;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * An answer that is an error, with everything its problem document says. Thrown by the application
 * services and the controllers; {@link ProblemResolver} makes the HTTP answer.
 *
 * <p>The detail goes to callers as it is: it names the thing, the value, the limit and what to do,
 * and never an internal.
 */
public final class ProblemException extends RuntimeException {
  private final HttpStatus status;
  private final String code;
  private final String title;
  private final transient Map<String, Object> properties;
  private final @Nullable Duration retryAfter;

  /**
   * @param code stable name for programs, for example {@code FunctionNotFound}
   * @param title the same for every problem of this code
   * @param detail one sentence about this very case
   */
  public ProblemException(HttpStatus status, String code, String title, String detail) {
    this(status, code, title, detail, Map.of(), null);
  }

  private ProblemException(
      HttpStatus status,
      String code,
      String title,
      String detail,
      Map<String, Object> properties,
      @Nullable Duration retryAfter) {
    // An expected ending: no stack trace to fill, it would be most of its cost.
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.title = title;
    this.properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    this.retryAfter = retryAfter;
  }

  /** 404. */
  public static ProblemException notFound(String code, String detail) {
    return new ProblemException(HttpStatus.NOT_FOUND, code, "Not found", detail);
  }

  /** 404: the API has no such path. */
  public static ProblemException nothingAt(String path) {
    return notFound(
        "NotFound",
        "There is nothing at "
            + path
            + "; the calls of this API are listed at /api/v1/openapi.json.");
  }

  /** 409. */
  public static ProblemException conflict(String code, String detail) {
    return new ProblemException(HttpStatus.CONFLICT, code, "Conflict", detail);
  }

  /** 400. */
  public static ProblemException badRequest(String code, String detail) {
    return new ProblemException(HttpStatus.BAD_REQUEST, code, "Invalid request", detail);
  }

  /** The same problem with one more member in its document. */
  public ProblemException with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(properties);
    more.put(name, value);
    return new ProblemException(status, code, title, detail(), more, retryAfter);
  }

  /** The same problem with a {@code Retry-After} header, rounded up to whole seconds. */
  public ProblemException retryAfter(Duration duration) {
    return new ProblemException(status, code, title, detail(), properties, duration);
  }

  public HttpStatus status() {
    return status;
  }

  public String code() {
    return code;
  }

  public String title() {
    return title;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }

  public Map<String, Object> properties() {
    return properties;
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
