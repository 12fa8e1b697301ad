package io.funkhaus.web.account;

import io.funkhaus.api.user.Email;
import io.funkhaus.api.user.PasswordHash;
import io.funkhaus.api.user.SignUp;
import io.funkhaus.api.user.Users;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Signing up with e-mail address and password. The sign-up page is its only caller.
 *
 * <p>Without sending mail, who signs up with an address finds out whether it is taken: otherwise
 * nobody could. The answer does not say so, the same work is done, and few such answers are given
 * to one sender in an hour.
 */
@Component
class SignUps {

  private static final Registration.Refused REFUSED =
      new Registration.Refused(
          "A workspace could not be created with these details. If you have signed up before, sign in instead.");

  private final Users users;
  private final PasswordRules rules;
  private final PasswordHasher hasher;
  private final AttemptThrottles throttles;

  SignUps(Users users, PasswordRules rules, PasswordHasher hasher, AttemptThrottles throttles) {
    this.users = users;
    this.rules = rules;
    this.hasher = hasher;
    this.throttles = throttles;
  }

  Registration signUp(String typedEmail, String typedPassword, ClientAddress address) {
    Optional<Email> email = Email.parse(typedEmail);
    if (email.isEmpty()) {
      return new Registration.Objection(
          "This is not an e-mail address. It looks like name@example.org and has at most "
              + Email.MAX_LENGTH
              + " characters.");
    }
    String password = PasswordStrategy.composed(typedPassword);
    Optional<String> objection = rules.objection(password, email.get());
    if (objection.isPresent()) {
      return new Registration.Objection(objection.get());
    }
    Optional<Duration> wait = throttles.signUp(address);
    if (wait.isPresent()) {
      return new Registration.TooMany(wait.get());
    }
    Optional<PasswordHash> hash = hasher.hash(password);
    if (hash.isEmpty()) {
      return new Registration.TooMany(PasswordStrategy.BUSY_RETRY);
    }
    return switch (users.signUp(email.get(), hash.get())) {
      case SignUp.Created(var owner) -> {
        throttles.signedUp(address);
        yield new Registration.Done(owner);
      }
      case SignUp.AddressTaken() -> REFUSED;
    };
  }
}
