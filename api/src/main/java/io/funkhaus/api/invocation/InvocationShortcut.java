package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.key.KeyAuthentication;
import io.funkhaus.api.problem.ProblemWriter;
import io.funkhaus.api.problem.RequestId;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The short way for the call that everything is about: {@code POST …/functions/{name}/invocations}
 * with an API key. It stands before the filters of sessions, forms and security and before the
 * search for a controller, none of which such a call needs, and which together take longer than the
 * platform itself (docs/performance.md). It takes only requests that are exactly of this form;
 * whatever is unusual about one (an encoded character, a session, a watcher) goes the long way, and
 * both ways give the same answers.
 *
 * <p>What must not be broken: nothing passes here without {@link KeyAuthentication}.
 */
public final class InvocationShortcut extends HttpFilter {
  private static final String BEFORE_NAME = "/api/v1/functions/";
  private static final String NAME_CHARACTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  private static final String AFTER_NAME = "/invocations";

  private final transient KeyAuthentication keys;
  private final transient InvocationService invocations;
  private final transient ProblemWriter problems;
  private final transient Map<String, String> headers;

  /**
   * @param headers that every answer has
   */
  public InvocationShortcut(
      KeyAuthentication keys,
      InvocationService invocations,
      ProblemWriter problems,
      Map<String, String> headers) {
    this.keys = keys;
    this.invocations = invocations;
    this.problems = problems;
    this.headers = Map.copyOf(headers);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String function = functionOf(request);
    if (function == null) {
      chain.doFilter(request, response);
      return;
    }
    headers.forEach(response::setHeader);
    try {
      response.setHeader(RequestId.HEADER, RequestId.of(request).toString());
      Caller caller = keys.caller(request, response);
      InvocationRequest invocation = InvocationExchange.read(request, caller, function);
      InvocationExchange.answer(invocations.invoke(invocation), caller, response);
    } catch (RuntimeException e) {
      problems.answer(request, response, e);
    }
  }

  /** The name in the path when the request is of the one form that is answered here, else null. */
  private static @Nullable String functionOf(HttpServletRequest request) {
    if (!request.getMethod().equals("POST")
        || request.getHeader(HttpHeaders.AUTHORIZATION) == null
        || !isPlain(request.getQueryString())
        || InvocationExchange.isWatched(request)) {
      return null;
    }
    String path = request.getRequestURI();
    int start = request.getContextPath().length() + BEFORE_NAME.length();
    int end = path.length() - AFTER_NAME.length();
    if (end <= start
        || !path.startsWith(BEFORE_NAME, start - BEFORE_NAME.length())
        || !path.endsWith(AFTER_NAME)) {
      return null;
    }
    return isPlain(path, start, end) ? path.substring(start, end) : null;
  }

  /** Nothing encoded, and nothing that looks like a key, which has no place in a URL. */
  private static boolean isPlain(@Nullable String query) {
    return query == null || (query.indexOf('%') < 0 && !query.contains("fk_"));
  }

  private static boolean isPlain(String path, int start, int end) {
    for (int i = start; i < end; i++) {
      if (NAME_CHARACTERS.indexOf(path.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
