package io.funkhaus.web.account;

/**
 * A way to prove who one is: a password, a directory, a passkey, a link by mail. {@link
 * SignInController} picks one by name and starts the session; a strategy never sees session,
 * request or page.
 *
 * <p>What must not be broken: from the outside, nobody can tell whether a user exists. A refusal
 * has the same words and does the same work for a user who is not there.
 */
public interface AuthenticationStrategy {

  /** One word, unique; the last part of {@code /sign-in/<name>}. */
  String name();

  /** Looks at what somebody sent to prove who they are. */
  SignIn authenticate(SignInAttempt attempt);
}
