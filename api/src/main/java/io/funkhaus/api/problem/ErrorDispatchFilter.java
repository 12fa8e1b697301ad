package io.funkhaus.api.problem;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/**
 * The web server's own errors on paths of the REST API, as problem documents. The server decides on
 * an error by itself when it cannot read a request to its end, when it refuses a method, or when a
 * filter fails; it throws away what was written for that request, a problem of ours too, and
 * dispatches to its error page. Here such a dispatch ends for the API; the console's goes on to the
 * page.
 */
@Component
@FilterRegistration(dispatcherTypes = DispatcherType.ERROR, order = Ordered.HIGHEST_PRECEDENCE)
final class ErrorDispatchFilter extends HttpFilter {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(ErrorDispatchFilter.class);

  private final transient ProblemWriter problems;

  ErrorDispatchFilter(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!OriginalRequest.isOfApi(request)) {
      chain.doFilter(request, response);
      return;
    }
    ProblemException problem = ServerErrors.problem(response.getStatus(), request);
    if (problem.status().is5xxServerError()) {
      LOG.error(
          "event=request_failed request={} method={} path={} code={}",
          RequestId.of(request),
          OriginalRequest.method(request),
          OriginalRequest.path(request),
          problem.code(),
          cause(request));
    }
    if (!response.isCommitted()) {
      problems.write(request, response, problem);
    }
  }

  private static @Nullable Throwable cause(HttpServletRequest request) {
    return request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable cause
        ? cause
        : null;
  }
}
