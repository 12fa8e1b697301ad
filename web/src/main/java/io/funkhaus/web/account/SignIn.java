package io.funkhaus.web.account;

import io.funkhaus.api.caller.UserId;
import java.time.Duration;

/** How an attempt to sign in ended. */
public sealed interface SignIn {

  /** It is this user. */
  record Proven(UserId user) implements SignIn {}

  /**
   * It is not, or nobody can say.
   *
   * @param message for the person at the form; the same whether or not the user exists
   */
  record Refused(String message) implements SignIn {}

  /** Too many attempts; this one was not looked at. */
  record TooMany(Duration retryAfter) implements SignIn {}
}
