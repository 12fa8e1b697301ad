package io.funkhaus.web.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.api.user.PasswordHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.password.PasswordEncoder;

class PasswordHasherTest {

  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void a_password_matches_its_own_hash_only() {
    PasswordHasher hasher = new PasswordHasher();
    Optional<PasswordHash> hash = hasher.hash("wandering-teapot");

    assertThat(hasher.check("wandering-teapot", hash)).isEqualTo(PasswordHasher.Verdict.MATCHES);
    assertThat(hasher.check("wandering-teapot!", hash)).isEqualTo(PasswordHasher.Verdict.DIFFERS);
    assertThat(hash).isPresent().isNotEqualTo(hasher.hash("wandering-teapot"));
  }

  @Test
  void without_a_user_there_is_the_same_work_and_no_match() {
    GatedEncoder encoder = new GatedEncoder();
    PasswordHasher hasher = new PasswordHasher(encoder, 1, SHORT);
    encoder.gate.release(1);

    assertThat(hasher.check("nobody has this password", Optional.empty()))
        .isEqualTo(PasswordHasher.Verdict.DIFFERS);
    assertThat(encoder.matchings.get()).isEqualTo(1);
  }

  @Test
  void what_nobodys_password_is_checked_against_costs_as_much_as_a_users() {
    String users = new PasswordHasher().hash("wandering-teapot").orElseThrow().encoded();

    assertThat(parameters(PasswordHasher.NOBODYS.encoded())).isEqualTo(parameters(users));
    assertThat(PasswordHasher.NOBODYS.encoded()).hasSameSizeAs(users);
  }

  private static String parameters(String encoded) {
    return encoded.substring(0, encoded.indexOf("$", encoded.indexOf("p=")));
  }

  @Test
  void no_more_than_so_many_are_hashed_at_once() throws Exception {
    GatedEncoder encoder = new GatedEncoder();
    PasswordHasher hasher = new PasswordHasher(encoder, 2, LONG);
    List<Future<Optional<PasswordHash>>> hashes = new ArrayList<>();

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        hashes.add(threads.submit(() -> hasher.hash("wandering-teapot")));
      }
      await().atMost(LONG).until(() -> encoder.inside.get() >= 2 && encoder.waiting() >= 2);
      encoder.gate.release(20);
      for (Future<Optional<PasswordHash>> hash : hashes) {
        assertThat(hash.get(30, TimeUnit.SECONDS)).isPresent();
      }
    }

    assertThat(encoder.most.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void who_would_wait_too_long_hears_that_it_is_busy() throws Exception {
    GatedEncoder encoder = new GatedEncoder();
    PasswordHasher hasher = new PasswordHasher(encoder, 1, SHORT);
    encoder.entered = new CountDownLatch(1);

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<PasswordHash>> running = threads.submit(() -> hasher.hash("a"));
      assertThat(encoder.entered.await(30, TimeUnit.SECONDS)).isTrue();

      assertThat(hasher.hash("b")).isEmpty();
      assertThat(hasher.check("b", Optional.empty())).isEqualTo(PasswordHasher.Verdict.BUSY);

      encoder.gate.release(1);
      assertThat(running.get(30, TimeUnit.SECONDS)).isPresent();
    }
  }

  /** Works only as often as it is let, and counts how many do at once. */
  private static final class GatedEncoder implements PasswordEncoder {

    private final Semaphore gate = new Semaphore(0);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger matchings = new AtomicInteger();
    private volatile CountDownLatch entered = new CountDownLatch(0);

    @Override
    public String encode(@Nullable CharSequence password) {
      work();
      return "$argon2id$of " + password;
    }

    @Override
    public boolean matches(@Nullable CharSequence password, @Nullable String encoded) {
      matchings.incrementAndGet();
      work();
      return ("$argon2id$of " + password).equals(encoded);
    }

    int waiting() {
      return gate.getQueueLength();
    }

    private void work() {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      entered.countDown();
      gate.acquireUninterruptibly();
      inside.decrementAndGet();
    }
  }
}
