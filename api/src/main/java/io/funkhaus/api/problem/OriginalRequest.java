package io.funkhaus.api.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;

/**
 * What a client asked for, also while the web server dispatches an error to its error page, which
 * looks like a GET of another path.
 */
public final class OriginalRequest {
  private static final String API = "/api";

  private OriginalRequest() {}

  static String path(HttpServletRequest request) {
    return request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String asked
        ? asked
        : request.getRequestURI();
  }

  static String method(HttpServletRequest request) {
    return request.getAttribute(RequestDispatcher.ERROR_METHOD) instanceof String asked
        ? asked
        : request.getMethod();
  }

  /** Whether it was for the REST API, where every error is a problem document. */
  public static boolean isOfApi(HttpServletRequest request) {
    return isOfApi(path(request), request.getContextPath());
  }

  /**
   * The same where no application has the request yet.
   *
   * @param prefix that every path of this service has, or empty
   */
  public static boolean isOfApi(String path, String prefix) {
    String api = prefix + API;
    return path.equals(api) || path.startsWith(api + "/");
  }
}
