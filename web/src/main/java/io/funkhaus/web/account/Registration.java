package io.funkhaus.web.account;

import io.funkhaus.api.tenant.Member;
import java.time.Duration;

/** How an attempt to sign up ended. */
sealed interface Registration {

  /** User and workspace exist now. */
  record Done(Member owner) implements Registration {}

  /**
   * Something about the form must be changed, which says nothing about who exists.
   *
   * @param message for the person at the form
   */
  record Objection(String message) implements Registration {}

  /** It is not said why: there is a user with this address. */
  record Refused(String message) implements Registration {}

  /** Too many attempts; this one was not looked at. */
  record TooMany(Duration retryAfter) implements Registration {}
}
