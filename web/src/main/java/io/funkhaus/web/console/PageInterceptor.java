package io.funkhaus.web.console;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.problem.RequestId;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.util.WebUtils;

/**
 * Gives each page its {@link Page} as request attribute {@code page}. The theme travels in a
 * cookie, so that the server renders it and no wrong one flashes up.
 */
final class PageInterceptor implements HandlerInterceptor {

  private static final String THEME_COOKIE = "funkhaus-theme";
  private static final Set<String> THEMES = Set.of("light", "dark");

  private final Assets assets;

  PageInterceptor(Assets assets) {
    this.assets = assets;
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    if (request.getDispatcherType() == DispatcherType.REQUEST
        && request.getServletPath().equals("/error")) {
      // The page of errors is shown in the place of others; under its own address there is none.
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return false;
    }
    Page page =
        new Page(
            assets,
            theme(request),
            Caller.of(request).orElse(null),
            RequestId.of(request).toString(),
            error(request));
    request.setAttribute("page", page);
    return true;
  }

  private static String theme(HttpServletRequest request) {
    Cookie cookie = WebUtils.getCookie(request, THEME_COOKIE);
    return cookie != null && THEMES.contains(cookie.getValue()) ? cookie.getValue() : "system";
  }

  private static @Nullable PageError error(HttpServletRequest request) {
    return request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
        ? PageError.of(status)
        : null;
  }
}
