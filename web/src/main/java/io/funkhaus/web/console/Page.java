package io.funkhaus.web.console;

import io.funkhaus.api.caller.Caller;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What every template knows: the assets, the theme, who is signed in, and, on an error page, what
 * went wrong. {@link PageInterceptor} makes one for each page.
 */
public record Page(
    Assets assets,
    String theme,
    @Nullable Caller caller,
    String requestId,
    @Nullable PageError error) {

  /** Whether the caller has signed in. */
  public boolean signedIn() {
    return caller != null;
  }

  /** The caller's e-mail address. */
  public String email() {
    return caller == null ? "" : caller.actor().displayName();
  }

  /** The 12-digit account id of the caller's workspace. */
  public String accountId() {
    return caller == null ? "" : caller.account().value();
  }

  /** The letter on the round button. */
  public String initial() {
    return email().isEmpty() ? "?" : email().substring(0, 1).toUpperCase(Locale.ROOT);
  }
}
