package io.funkhaus.web.security;

import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses a request with an API key in its URL, where proxies, browsers and logs keep it. */
final class KeyInQueryFilter extends OncePerRequestFilter {

  private static final String MARK = "fk_";
  private static final Pattern KEY = Pattern.compile("fk_[0-9A-Za-z]{12}_[0-9A-Za-z]{20,}");

  private final ProblemWriter problems;

  KeyInQueryFilter(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String query = request.getQueryString();
    if (query != null && hasKey(query)) {
      problems.write(
          request,
          response,
          ProblemException.badRequest(
              "KeyInQuery",
              "The URL has an API key in it. Send the key as 'Authorization: Bearer …', and revoke"
                  + " this one: URLs are kept in logs."));
      return;
    }
    chain.doFilter(request, response);
  }

  /** As it is written, and as whoever reads the parameters would read it. */
  private static boolean hasKey(String query) {
    if (query.indexOf('%') < 0) {
      return found(query);
    }
    try {
      return found(query) || found(URLDecoder.decode(query, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      return found(query);
    }
  }

  private static boolean found(String text) {
    return text.contains(MARK) && KEY.matcher(text).find();
  }
}
