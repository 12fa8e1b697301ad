package io.funkhaus.web.account;

import io.funkhaus.api.user.Credentials;
import io.funkhaus.api.user.Email;
import io.funkhaus.api.user.Users;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** E-mail address and password. */
@Component
class PasswordStrategy implements AuthenticationStrategy {

  static final String NAME = "password";
  static final Duration BUSY_RETRY = Duration.ofSeconds(5);

  private static final SignIn.Refused REFUSED =
      new SignIn.Refused("This e-mail address and this password do not belong together.");

  private final Users users;
  private final PasswordHasher hasher;
  private final AttemptThrottles throttles;

  PasswordStrategy(Users users, PasswordHasher hasher, AttemptThrottles throttles) {
    this.users = users;
    this.hasher = hasher;
    this.throttles = throttles;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SignIn authenticate(SignInAttempt attempt) {
    String account = account(attempt.field("email"));
    Optional<Duration> wait = throttles.signIn(account, attempt.address());
    if (wait.isPresent()) {
      return new SignIn.TooMany(wait.get());
    }
    Optional<Credentials> credentials = Email.parse(account).flatMap(users::credentials);
    String password = normal(attempt.field("password"));
    return switch (hasher.check(password, credentials.map(Credentials::passwordHash))) {
      case MATCHES -> {
        throttles.signedIn(account, attempt.address());
        yield new SignIn.Proven(credentials.orElseThrow().user());
      }
      case DIFFERS -> REFUSED;
      case BUSY -> new SignIn.TooMany(BUSY_RETRY);
    };
  }

  /** What was typed as address, cut: it becomes a key of the throttle whether or not it is one. */
  private static String account(String typed) {
    String cut = typed.length() > Email.MAX_LENGTH ? typed.substring(0, Email.MAX_LENGTH) : typed;
    return cut.strip().toLowerCase(Locale.ROOT);
  }

  /** Nothing, which is nobody's password, for what is longer than any. */
  private static String normal(String typed) {
    String composed = composed(typed);
    boolean possible = composed.getBytes(StandardCharsets.UTF_8).length <= PasswordRules.MAX_BYTES;
    return possible ? composed : "";
  }

  /** The same text, however a keyboard composed its letters. */
  static String composed(String typed) {
    return Normalizer.normalize(typed, Normalizer.Form.NFC);
  }
}
