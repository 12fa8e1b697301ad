package io.funkhaus.web.security;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.key.ApiKeys;
import io.funkhaus.api.key.KeyCheck;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns the API key of a request into its caller, or ends the request. In the chain of requests
 * that have an {@code Authorization} header; no session, no cookie, no database when the key is
 * known.
 */
final class KeyFilter extends OncePerRequestFilter {

  private static final Duration DATABASE_RETRY = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(KeyFilter.class);

  private final ApiKeys keys;
  private final ProblemWriter problems;

  KeyFilter(ApiKeys keys, ProblemWriter problems) {
    this.keys = keys;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    KeyCheck check;
    try {
      check =
          keys.authenticate(authorization == null ? "" : authorization, request.getRemoteAddr());
    } catch (DataAccessException e) {
      LOG.warn("event=key_not_checked reason={}", e.getMessage());
      problems.write(request, response, databaseAway());
      return;
    }
    switch (check) {
      case KeyCheck.Authenticated(Caller caller) -> {
        caller.attachTo(request);
        SecurityContextHolder.setContext(new SecurityContextImpl(new CallerAuthentication(caller)));
        chain.doFilter(request, response);
      }
      case KeyCheck.Rejected(KeyCheck.Reason reason) -> {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        problems.write(request, response, unauthenticated(reason));
      }
    }
  }

  private static ProblemException unauthenticated(KeyCheck.Reason reason) {
    return new ProblemException(
        HttpStatus.UNAUTHORIZED, reason.code(), "Not authenticated", reason.message());
  }

  private static ProblemException databaseAway() {
    return new ProblemException(
            HttpStatus.SERVICE_UNAVAILABLE,
            "DatabaseUnavailable",
            "Database unavailable",
            "The database does not answer at the moment, and the API key cannot be checked without it; try again"
                + " shortly.")
        .retryAfter(DATABASE_RETRY);
  }
}
