package io.funkhaus.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * The one place where an exception of the REST API becomes an answer. It looks at the path and not
 * at the controller, because an unknown path or method has none; pages of the console are left to
 * the console.
 */
@Component
final class ProblemResolver implements HandlerExceptionResolver, Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemResolver.class);
  private static final String SECURITY = "org.springframework.security.";

  private final ProblemWriter writer;

  ProblemResolver(ProblemWriter writer) {
    this.writer = writer;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception exception) {
    if (!isApi(request) || exception.getClass().getName().startsWith(SECURITY)) {
      return null;
    }
    if (callerIsGone(exception)) {
      LOG.debug("event=caller_gone request={}", RequestId.of(request));
      return new ModelAndView();
    }
    ProblemException problem = Problems.of(exception, request);
    if (problem.status().is5xxServerError() && !(exception instanceof ProblemException)) {
      LOG.error(
          "event=request_failed request={} method={} path={} code={}",
          RequestId.of(request),
          request.getMethod(),
          request.getRequestURI(),
          problem.code(),
          exception);
    }
    if (response.isCommitted()) {
      return new ModelAndView();
    }
    if (exception instanceof HttpRequestMethodNotSupportedException method
        && method.getSupportedMethods() != null) {
      response.setHeader(HttpHeaders.ALLOW, String.join(", ", method.getSupportedMethods()));
    }
    try {
      writer.write(request, response, problem);
    } catch (IOException e) {
      LOG.debug(
          "event=answer_not_written request={} reason={}", RequestId.of(request), e.toString());
    }
    return new ModelAndView();
  }

  private static boolean isApi(HttpServletRequest request) {
    return request.getRequestURI().startsWith(request.getContextPath() + "/api/");
  }

  private static boolean callerIsGone(Exception exception) {
    String name = exception.getClass().getSimpleName();
    return name.equals("ClientAbortException") || name.equals("AsyncRequestNotUsableException");
  }
}
