package io.funkhaus.web.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/**
 * Where a CSRF token is kept: in the session of who is signed in; for everybody else, whose only
 * forms are sign-in and sign-up, in a cookie, so that strangers fill no table with sessions.
 */
final class CsrfTokens implements CsrfTokenRepository {

  private static final String HEADER = "X-CSRF-TOKEN";
  private static final String PARAMETER = "_csrf";
  private static final String ATTRIBUTE = "csrf";
  private static final int TOKEN_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final CookieCsrfTokenRepository cookies;

  CsrfTokens(CookieStyle style) {
    cookies = new CookieCsrfTokenRepository();
    cookies.setHeaderName(HEADER);
    cookies.setParameterName(PARAMETER);
    cookies.setCookieName(style.name("csrf"));
    cookies.setCookiePath("/");
    cookies.setCookieCustomizer(
        cookie -> cookie.httpOnly(true).secure(style.secure()).sameSite("Lax"));
  }

  /** Gives a session that has just begun its token. */
  static void renew(HttpSession session) {
    session.setAttribute(ATTRIBUTE, random());
  }

  @Override
  public CsrfToken generateToken(HttpServletRequest request) {
    return token(random());
  }

  @Override
  public void saveToken(
      @Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      cookies.saveToken(token, request, response);
      return;
    }
    session.setAttribute(ATTRIBUTE, token == null ? null : token.getToken());
  }

  @Override
  public @Nullable CsrfToken loadToken(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      return cookies.loadToken(request);
    }
    return session.getAttribute(ATTRIBUTE) instanceof String value ? token(value) : null;
  }

  private static CsrfToken token(String value) {
    return new DefaultCsrfToken(HEADER, PARAMETER, value);
  }

  private static String random() {
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
