package io.funkhaus.api.key;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Who sends a request, by the API key in its {@code Authorization} header. Asked by whoever stands
 * at a door of the REST API: the security chain, and the short way for invocations.
 */
@Component
public final class KeyAuthentication {
  private static final Duration DATABASE_RETRY = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(KeyAuthentication.class);

  private final ApiKeys keys;

  KeyAuthentication(ApiKeys keys) {
    this.keys = keys;
  }

  /**
   * The caller whose key it is.
   *
   * @param response gets the challenge when the key is not good
   * @throws ProblemException 401 that says what is wrong with the key, or 503 when the database is
   *     needed to tell and does not answer
   */
  public Caller caller(HttpServletRequest request, HttpServletResponse response) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    return switch (check(authorization == null ? "" : authorization, request.getRemoteAddr())) {
      case KeyCheck.Authenticated(Caller caller) -> caller;
      case KeyCheck.Rejected(KeyCheck.Reason reason) -> {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        throw new ProblemException(
            HttpStatus.UNAUTHORIZED, reason.code(), "Not authenticated", reason.message());
      }
    };
  }

  private KeyCheck check(String authorization, String address) {
    try {
      return keys.authenticate(authorization, address);
    } catch (DataAccessException e) {
      LOG.warn("event=key_not_checked reason={}", e.getMessage());
      throw new ProblemException(
              HttpStatus.SERVICE_UNAVAILABLE,
              "DatabaseUnavailable",
              "Database unavailable",
              "The database does not answer at the moment, and the API key cannot be checked without it; try again"
                  + " shortly.")
          .retryAfter(DATABASE_RETRY);
    }
  }
}
