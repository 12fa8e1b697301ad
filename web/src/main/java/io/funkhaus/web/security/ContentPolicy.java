package io.funkhaus.web.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Base64;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The content security policy of the console's pages: everything from this host, nothing inline.
 * The one thing that comes at run time is the style sheet of the editor; it carries the nonce that
 * templates find as {@code cspNonce}.
 */
final class ContentPolicy extends OncePerRequestFilter implements HeaderWriter {

  /** For answers that are no pages. */
  static final String NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

  private static final String HEADER = "Content-Security-Policy";
  private static final String NONCE = "cspNonce";
  private static final int NONCE_BYTES = 16;

  private final SecureRandom random = new SecureRandom();

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    request.setAttribute(NONCE, Base64.getEncoder().encodeToString(bytes));
    chain.doFilter(request, response);
  }

  @Override
  public void writeHeaders(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader(
        HEADER, request.getAttribute(NONCE) instanceof String nonce ? page(nonce) : NOTHING);
  }

  private static String page(String nonce) {
    return "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-"
        + nonce
        + "'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none';"
        + " form-action 'self'; frame-ancestors 'none'";
  }
}
