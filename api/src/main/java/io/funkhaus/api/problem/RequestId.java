package io.funkhaus.api.problem;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;

/**
 * The id of an HTTP request: in every answer as {@code X-Request-Id}, in every problem document, in
 * every log line about it. For an invocation it is the id of the invocation too.
 *
 * <p>Version 7 of RFC 9562: it begins with the time. Ids that rise are what keeps the database's
 * index of a day's invocations in memory, where random ones would write all over it.
 */
public final class RequestId {
  public static final String HEADER = "X-Request-Id";
  private static final String ATTRIBUTE = RequestId.class.getName();

  private static final TimeBasedEpochRandomGenerator IDS =
      Generators.timeBasedEpochRandomGenerator();

  private RequestId() {}

  /** The id of this request, made at the first call. */
  public static UUID of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof UUID id) {
      return id;
    }
    UUID id = IDS.generate();
    request.setAttribute(ATTRIBUTE, id);
    return id;
  }
}
