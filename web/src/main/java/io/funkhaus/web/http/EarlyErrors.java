package io.funkhaus.web.http;

import io.funkhaus.api.problem.OriginalRequest;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.problem.ProblemWriter;
import io.funkhaus.api.problem.ServerErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * The last word of Tomcat about an error that nobody else has answered, such as a request that is
 * not HTTP and so gets no further: a problem document for paths of the REST API, else two lines of
 * text. Tomcat's own page would show what server this is.
 */
final class EarlyErrors extends ErrorReportValve {
  private final ProblemWriter problems;
  private final String prefix;

  /**
   * @param prefix of every path, or empty
   */
  EarlyErrors(ProblemWriter problems, String prefix) {
    this.problems = problems;
    this.prefix = prefix;
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable throwable) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    ProblemException problem = ServerErrors.problem(status, request);
    try {
      if (isOfApi(request)) {
        problems.write(request, response, problem);
      } else {
        write(response, problem);
      }
      response.finishResponse();
    } catch (IOException callerIsGone) {
      container.getLogger().debug("event=answer_not_written reason=" + callerIsGone.getMessage());
    }
  }

  /** What could not be read as a request has no path. */
  private boolean isOfApi(Request request) {
    @Nullable String path = request.getRequestURI();
    return path != null && OriginalRequest.isOfApi(path, prefix);
  }

  private static void write(Response response, ProblemException problem) throws IOException {
    byte[] body =
        (problem.title() + "\n" + problem.detail() + "\n").getBytes(StandardCharsets.UTF_8);
    response.setContentType("text/plain;charset=utf-8");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
