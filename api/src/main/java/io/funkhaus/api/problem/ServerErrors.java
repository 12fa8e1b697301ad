package io.funkhaus.api.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/**
 * What an error of the web server's own means to the caller, of which nothing is known but its
 * status: a request that is not HTTP, a body that breaks off, a failure in the server itself. Asked
 * by {@link ErrorDispatchFilter} for requests that have reached the application, and by the web
 * server for those that have not.
 */
public final class ServerErrors {
  private ServerErrors() {}

  /** For a request whose answer has this status, 400 or higher. */
  public static ProblemException problem(int status, HttpServletRequest request) {
    return ProblemWriter.meant(request)
        .filter(problem -> problem.status().value() == status)
        .orElseGet(() -> problem(Optional.ofNullable(HttpStatus.resolve(status)), request));
  }

  private static ProblemException problem(Optional<HttpStatus> status, HttpServletRequest request) {
    return switch (status.orElse(HttpStatus.INTERNAL_SERVER_ERROR)) {
      case BAD_REQUEST -> bodyBrokeOff(request) ? bodyIncomplete(request) : malformed();
      case NOT_FOUND -> ProblemException.nothingAt(OriginalRequest.path(request));
      case METHOD_NOT_ALLOWED ->
          new ProblemException(
              HttpStatus.METHOD_NOT_ALLOWED,
              "MethodNotAllowed",
              "Method not allowed",
              OriginalRequest.path(request)
                  + " does not take "
                  + OriginalRequest.method(request)
                  + ".");
      case REQUEST_TIMEOUT ->
          new ProblemException(
              HttpStatus.REQUEST_TIMEOUT,
              "RequestTimeout",
              "Request timeout",
              "The rest of the body did not come in time; send the request again, without pauses.");
      case INTERNAL_SERVER_ERROR -> Problems.internal();
      case HttpStatus other ->
          new ProblemException(
              other,
              other.getReasonPhrase().replace(" ", ""),
              other.getReasonPhrase(),
              "The web server does not take this request: " + other.getReasonPhrase() + ".");
    };
  }

  /** The body could not be read to its end, whoever has tried. */
  static ProblemException bodyIncomplete(HttpServletRequest request) {
    long announced = request.getContentLengthLong();
    String what =
        announced < 0
            ? "The body ended early, or its chunks are malformed"
            : "The body ended before the " + announced + " bytes that Content-Length announced";
    return ProblemException.badRequest("BodyIncomplete", what + "; send it again.");
  }

  private static boolean bodyBrokeOff(HttpServletRequest request) {
    return request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof IOException;
  }

  private static ProblemException malformed() {
    return ProblemException.badRequest(
        "MalformedRequest",
        "The request line, which has method, path and version, or a header is malformed or too long;"
            + " correct it, or leave out what is not needed.");
  }
}
