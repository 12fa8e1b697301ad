package io.funkhaus.web.account;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/**
 * How often somebody may try. Only what fails counts: a class of thirty behind one address can sign
 * in at the same minute, and a wrong guess from elsewhere never locks the owner of an account out.
 */
final class AttemptThrottles {

  private final Throttle guessesAtAccount;
  private final Throttle guessesFromAddress;
  private final Throttle refusedSignUps;
  private final Throttle signUps;

  AttemptThrottles(TimeMeter time) {
    guessesAtAccount = new Throttle(10, Duration.ofSeconds(30), time);
    guessesFromAddress = new Throttle(60, Duration.ofSeconds(10), time);
    refusedSignUps = new Throttle(10, Duration.ofMinutes(6), time);
    signUps = new Throttle(120, Duration.ofSeconds(30), time);
  }

  private record Guess(String account, ClientAddress address) {}

  /** Counts one attempt to sign in; otherwise says how long to wait. */
  Optional<Duration> signIn(String account, ClientAddress address) {
    Optional<Duration> wait = guessesFromAddress.take(address);
    if (wait.isPresent()) {
      return wait;
    }
    return guessesAtAccount.take(new Guess(account, address));
  }

  /** The attempt was no guess. */
  void signedIn(String account, ClientAddress address) {
    guessesFromAddress.giveBack(address);
    guessesAtAccount.giveBack(new Guess(account, address));
  }

  /** Counts one attempt to sign up; otherwise says how long to wait. */
  Optional<Duration> signUp(ClientAddress address) {
    Optional<Duration> wait = signUps.take(address);
    if (wait.isPresent()) {
      return wait;
    }
    return refusedSignUps.take(address);
  }

  /** The attempt tried out no address: it made an account. */
  void signedUp(ClientAddress address) {
    refusedSignUps.giveBack(address);
  }
}
