package io.funkhaus.web.account;

import io.funkhaus.api.user.PasswordHash;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Argon2id, a bounded number of them at a time: each takes 19 MiB and a core for tens of
 * milliseconds, and whoever sends passwords must not take the platform's cores.
 */
@Component
class PasswordHasher {

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int LANES = 1;
  private static final int MEMORY_KIB = 19 * 1024;
  private static final int ITERATIONS = 2;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /**
   * What a password is checked against when there is no user: costs the same, never matches. Made
   * once by this very encoder, because making it takes longer than most of the start.
   */
  static final PasswordHash NOBODYS =
      new PasswordHash(
          "$argon2id$v=19$m=19456,t=2,p=1$"
              + "9qx/4ZJIuH7Q442CpMezCQ$dIBU4367kAaX0FW1bC/xdkX/PZS69tCwbupij9JY51A");

  private final PasswordEncoder argon2;
  private final Semaphore permits;
  private final Duration longestWait;

  @Autowired
  PasswordHasher() {
    this(
        new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, MEMORY_KIB, ITERATIONS),
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
        LONGEST_WAIT);
  }

  PasswordHasher(PasswordEncoder argon2, int atOnce, Duration longestWait) {
    this.argon2 = argon2;
    this.permits = new Semaphore(atOnce, true);
    this.longestWait = longestWait;
  }

  /** How a check ended. */
  enum Verdict {
    MATCHES,
    DIFFERS,
    /** Too many others are being checked. */
    BUSY
  }

  /** The hash of a new password; empty when too many others are being hashed. */
  Optional<PasswordHash> hash(String password) {
    if (!enter()) {
      return Optional.empty();
    }
    try {
      return Optional.of(encode(password));
    } finally {
      permits.release();
    }
  }

  /** Takes as long for no hash as for one that does not match. */
  Verdict check(String password, Optional<PasswordHash> hash) {
    if (!enter()) {
      return Verdict.BUSY;
    }
    try {
      boolean matches = argon2.matches(password, hash.orElse(NOBODYS).encoded());
      return matches && hash.isPresent() ? Verdict.MATCHES : Verdict.DIFFERS;
    } finally {
      permits.release();
    }
  }

  private PasswordHash encode(String password) {
    return new PasswordHash(
        Objects.requireNonNull(argon2.encode(password), "Argon2 gives a hash for every password"));
  }

  private boolean enter() {
    try {
      return permits.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
