package io.funkhaus.web.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses what another site makes a browser send to change something. Stands beside the CSRF token,
 * not in its place: a request without either header, which no browser sends, passes here.
 */
final class OriginFilter extends OncePerRequestFilter {

  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private final @Nullable String publicAuthority;
  private final AccessDeniedHandler refusal;

  OriginFilter(URI publicUrl, AccessDeniedHandler refusal) {
    this.publicAuthority = publicUrl.getRawAuthority();
    this.refusal = refusal;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (SAFE_METHODS.contains(request.getMethod()) || isFromHere(request)) {
      chain.doFilter(request, response);
      return;
    }
    refusal.handle(request, response, new CrossOriginException());
  }

  private boolean isFromHere(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return OWN_SITES.contains(site);
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      return true;
    }
    String authority = authority(origin);
    return authority.equalsIgnoreCase(request.getHeader(HttpHeaders.HOST))
        || authority.equalsIgnoreCase(publicAuthority);
  }

  /**
   * Host and port of an origin, as they stand in a Host header; empty for the origin {@code null}.
   */
  private static String authority(String origin) {
    int slashes = origin.indexOf("://");
    return slashes < 0 ? "" : origin.substring(slashes + 3).toLowerCase(Locale.ROOT);
  }

  /** The request came from a page of another site. */
  static final class CrossOriginException extends AccessDeniedException {

    private static final long serialVersionUID = 1L;

    CrossOriginException() {
      super("another site asked for this");
    }
  }
}
