package io.funkhaus.web.account;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where somebody wanted to go when they had to sign in first: a page of this console, path and
 * query. Never another site, whatever the link to the sign-in page says.
 */
record Destination(String path) {

  static final Destination HOME = new Destination("/functions");

  private static final int MAX_LENGTH = 2048;
  private static final Set<String> NO_PAGES =
      Set.of("api", "assets", "error", "sign-in", "sign-out", "sign-up");

  /** Empty when it is not a page of the console. */
  static Optional<Destination> parse(@Nullable String text) {
    if (text == null || text.length() > MAX_LENGTH || !text.startsWith("/")) {
      return Optional.empty();
    }
    // Browsers read a backslash as a slash and leave out tabs and line breaks.
    if (text.chars().anyMatch(c -> c == '\\' || c <= ' ' || c >= 0x7f)) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(text);
      boolean here = uri.getScheme() == null && uri.getRawAuthority() == null;
      String[] segments = text.split("[/?#]", 3);
      return here && !text.startsWith("//") && !NO_PAGES.contains(segments[1])
          ? Optional.of(new Destination(text))
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
