package io.funkhaus.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;

/**
 * The id of an HTTP request: in every answer as {@code X-Request-Id}, in every problem document, in
 * every log line about it. For an invocation it is the id of the invocation too.
 */
public final class RequestId {
  public static final String HEADER = "X-Request-Id";
  private static final String ATTRIBUTE = RequestId.class.getName();

  private RequestId() {}

  /** The id of this request, made at the first call. */
  public static UUID of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof UUID id) {
      return id;
    }
    UUID id = UUID.randomUUID();
    request.setAttribute(ATTRIBUTE, id);
    return id;
  }
}
