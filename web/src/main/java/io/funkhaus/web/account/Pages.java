package io.funkhaus.web.account;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;

/** The answers that signing in and signing up have in common. */
final class Pages {

  private Pages() {}

  /**
   * A form, with everything its template asks for: {@code email}, {@code continueAt}, {@code error}
   * and {@code notice}, the last three null when there is none.
   */
  static ModelAndView form(String view, String email, @Nullable String continueAt) {
    return new ModelAndView(view)
        .addObject("email", email)
        .addObject("continueAt", Destination.parse(continueAt).map(Destination::path).orElse(null))
        .addObject("error", null)
        .addObject("notice", null);
  }

  static ModelAndView redirect(Destination destination) {
    RedirectView view = new RedirectView(destination.path(), true);
    view.setStatusCode(HttpStatus.SEE_OTHER);
    view.setExpandUriTemplateVariables(false);
    view.setExposeModelAttributes(false);
    return new ModelAndView(view);
  }

  static void retryAfter(HttpServletResponse response, Duration wait) {
    response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds(wait)));
  }

  static String tooMany(Duration wait) {
    long seconds = seconds(wait);
    return "Too many attempts. Try again in "
        + (seconds == 1 ? "a second." : seconds + " seconds.");
  }

  private static long seconds(Duration wait) {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }
}
