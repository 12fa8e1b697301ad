package io.funkhaus.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * The one place where an exception of the REST API becomes an answer. It looks at the path and not
 * at the controller, because an unknown path or method has none; pages of the console are left to
 * the console.
 */
@Component
final class ProblemResolver implements HandlerExceptionResolver, Ordered {
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
    if (!OriginalRequest.isOfApi(request) || exception.getClass().getName().startsWith(SECURITY)) {
      return null;
    }
    writer.answer(request, response, exception);
    return new ModelAndView();
  }
}
