package io.funkhaus.web.security;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.key.KeyAuthentication;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns the API key of a request into its caller, or ends the request. In the chain of requests
 * that have an {@code Authorization} header; no session, no cookie, no database when the key is
 * known.
 */
final class KeyFilter extends OncePerRequestFilter {
  private final KeyAuthentication keys;
  private final ProblemWriter problems;

  KeyFilter(KeyAuthentication keys, ProblemWriter problems) {
    this.keys = keys;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Caller caller;
    try {
      caller = keys.caller(request, response);
    } catch (ProblemException problem) {
      problems.write(request, response, problem);
      return;
    }
    caller.attachTo(request);
    SecurityContextHolder.setContext(new SecurityContextImpl(new CallerAuthentication(caller)));
    chain.doFilter(request, response);
  }
}
