package io.funkhaus.web.security;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.problem.OriginalRequest;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.stereotype.Component;

/**
 * What the filter chains answer to whom they do not let through: problem documents for the REST
 * API, the sign-in page or an error page for the console.
 */
@Component
class Refusals {

  private static final String SIGN_IN = "/sign-in";
  private static final Set<String> FORMS_OF_STRANGERS = Set.of(SIGN_IN, "/sign-up");

  private final ProblemWriter problems;
  private final ConsoleSessions sessions;
  private final ApiPaths paths;

  Refusals(ProblemWriter problems, ConsoleSessions sessions, ApiPaths paths) {
    this.problems = problems;
    this.sessions = sessions;
    this.paths = paths;
  }

  /** REST API: nobody is signed in, and there is no key. */
  void apiUnauthenticated(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException cause)
      throws IOException {
    apiUnauthenticated(request, response);
  }

  /** REST API: it is known who asks, and they may not, or there is nothing that anybody may. */
  void apiDenied(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException cause)
      throws IOException {
    if (cause instanceof OriginFilter.CrossOriginException) {
      problems.write(request, response, crossOrigin());
      return;
    }
    if (!(cause instanceof CsrfException)) {
      problems.write(request, response, notForKey(request));
      return;
    }
    if (sessions.caller(request).isEmpty()) {
      apiUnauthenticated(request, response);
      return;
    }
    problems.write(request, response, csrf());
  }

  /** Console: sign in first, then go on where you wanted to. */
  void consoleUnauthenticated(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException cause)
      throws IOException {
    redirect(request, response, signInThen(request));
  }

  /** Console: a form that cannot be trusted, or whose session is over. */
  void consoleDenied(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException cause)
      throws IOException {
    boolean sessionIsOver = cause instanceof CsrfException && sessions.caller(request).isEmpty();
    if (sessionIsOver && !FORMS_OF_STRANGERS.contains(pathOf(request))) {
      redirect(request, response, SIGN_IN);
      return;
    }
    response.sendError(HttpStatus.FORBIDDEN.value());
  }

  /** A request that no ordinary client sends; see Spring Security's strict firewall. */
  void rejected(
      HttpServletRequest request, HttpServletResponse response, RequestRejectedException cause)
      throws IOException {
    if (!OriginalRequest.isOfApi(request)) {
      response.sendError(HttpStatus.BAD_REQUEST.value());
      return;
    }
    problems.write(
        request,
        response,
        ProblemException.badRequest(
            "RequestRefused",
            "The URL, a header or the method has characters that are never needed here, such as an encoded slash;"
                + " leave them out."));
  }

  /** A key of any other scope would not find anything there either. */
  private ProblemException notForKey(HttpServletRequest request) {
    return paths.contain(request)
        ? Caller.scopeTooNarrow()
        : ProblemException.nothingAt(request.getRequestURI());
  }

  private void apiUnauthenticated(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    problems.write(
        request,
        response,
        new ProblemException(
            HttpStatus.UNAUTHORIZED,
            "NotAuthenticated",
            "Not authenticated",
            "Nobody is signed in. Send an API key as 'Authorization: Bearer fk_…', or sign in to the console again."));
  }

  /** Without host: what a request says about its host is not repeated. */
  private static void redirect(
      HttpServletRequest request, HttpServletResponse response, String path) {
    response.setStatus(HttpStatus.SEE_OTHER.value());
    response.setHeader(HttpHeaders.LOCATION, request.getContextPath() + path);
  }

  /** Without the prefix under which a proxy shows this service. */
  private static String pathOf(HttpServletRequest request) {
    return request.getRequestURI().substring(request.getContextPath().length());
  }

  private static String signInThen(HttpServletRequest request) {
    if (!request.getMethod().equals("GET") || pathOf(request).equals("/")) {
      return SIGN_IN;
    }
    String query = request.getQueryString();
    String wanted = pathOf(request) + (query == null ? "" : "?" + query);
    return SIGN_IN + "?continue=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8);
  }

  private static ProblemException crossOrigin() {
    return new ProblemException(
        HttpStatus.FORBIDDEN,
        "CrossOrigin",
        "Cross-origin request",
        "A page of another site sent this with your session, which is refused. Programs use an API key, from any"
            + " site's server.");
  }

  private static ProblemException csrf() {
    return new ProblemException(
        HttpStatus.FORBIDDEN,
        "CsrfTokenInvalid",
        "CSRF token missing or invalid",
        "With a session, each request that changes something needs the header X-CSRF-TOKEN with the token of the page;"
            + " reload the page. With an API key it is not needed.");
  }
}
