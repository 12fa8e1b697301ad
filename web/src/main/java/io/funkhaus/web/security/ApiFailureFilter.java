package io.funkhaus.web.security;

import io.funkhaus.api.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What fails before a controller is reached, such as the look-up of a session while the database is
 * away, is told to callers of the REST API like what fails in one.
 */
final class ApiFailureFilter extends OncePerRequestFilter {
  private final ProblemWriter problems;

  ApiFailureFilter(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      chain.doFilter(request, response);
    } catch (RuntimeException e) {
      problems.answer(request, response, e);
    }
  }
}
