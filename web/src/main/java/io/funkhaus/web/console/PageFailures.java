package io.funkhaus.web.console;

import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.problem.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Turns what the services refuse into error pages; the REST API has its own place for this. */
@ControllerAdvice(basePackageClasses = PageFailures.class)
final class PageFailures {

  private static final Logger LOG = LoggerFactory.getLogger(PageFailures.class);

  @ExceptionHandler
  void refused(ProblemException problem, HttpServletResponse response) throws IOException {
    response.sendError(problem.status().value());
  }

  /** An address with an impossible name names nothing. */
  @ExceptionHandler
  void impossibleName(MethodArgumentTypeMismatchException invalid, HttpServletResponse response)
      throws IOException {
    response.sendError(HttpStatus.NOT_FOUND.value());
  }

  /** As above, for names that are more than a type. */
  @ExceptionHandler
  void impossibleName(InvalidValueException invalid, HttpServletResponse response)
      throws IOException {
    response.sendError(HttpStatus.NOT_FOUND.value());
  }

  /** The edge: whatever nobody expected is logged under the id that the page shows. */
  @ExceptionHandler
  void failed(Exception failure, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    LOG.error(
        "event=page_failed request={} method={} path={}",
        RequestId.of(request),
        request.getMethod(),
        request.getRequestURI(),
        failure);
    response.sendError(HttpStatus.INTERNAL_SERVER_ERROR.value());
  }
}
