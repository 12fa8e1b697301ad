package io.funkhaus.web.security;

import java.net.URI;
import java.util.Locale;

/**
 * How cookies are named and marked. Under https they are {@code Secure} and have the prefix that
 * keeps other hosts of the domain from setting them.
 */
record CookieStyle(boolean secure) {

  static CookieStyle of(URI publicUrl) {
    String scheme = publicUrl.getScheme();
    return new CookieStyle(scheme != null && scheme.toLowerCase(Locale.ROOT).equals("https"));
  }

  String name(String purpose) {
    return (secure ? "__Host-" : "") + "funkhaus-" + purpose;
  }
}
