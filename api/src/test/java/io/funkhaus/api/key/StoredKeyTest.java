package io.funkhaus.api.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.caller.Scope;
import io.funkhaus.api.caller.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoredKeyTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final KeyText text = KeyText.generate(new Random(1));
  private final Caller caller =
      new Caller(
          new TenantId(1),
          new AccountId("123456789012"),
          new Actor.Key(new KeyId("abcdefghijkl"), "ci"),
          Scope.INVOKE);

  @Test
  void only_the_secret_that_was_hashed_fits() {
    StoredKey stored = stored(null, false);

    assertThat(stored.hasSecret(text.secretSha256())).isTrue();
    assertThat(stored.hasSecret(KeyText.generate(new Random(2)).secretSha256())).isFalse();
    assertThat(stored.hasSecret(new byte[0])).isFalse();
  }

  @Test
  void a_key_ends_at_the_very_instant_of_its_expiry() {
    StoredKey stored = stored(NOON, false);

    assertThat(stored.check(NOON.minusMillis(1).toEpochMilli()))
        .isEqualTo(new KeyCheck.Authenticated(caller));
    assertThat(stored.check(NOON.toEpochMilli()))
        .isEqualTo(new KeyCheck.Rejected(KeyCheck.Reason.EXPIRED));
  }

  @Test
  void a_revoked_key_is_refused_whether_or_not_it_has_expired() {
    StoredKey stored = stored(NOON, true);

    assertThat(stored.check(NOON.minusSeconds(1).toEpochMilli()))
        .isEqualTo(new KeyCheck.Rejected(KeyCheck.Reason.REVOKED));
    assertThat(stored.check(NOON.plusSeconds(1).toEpochMilli()))
        .isEqualTo(new KeyCheck.Rejected(KeyCheck.Reason.REVOKED));
  }

  @Test
  void a_use_is_noted_at_once_and_then_once_a_minute() {
    StoredKey stored = stored(null, false);
    long now = NOON.toEpochMilli();
    long minute = Duration.ofMinutes(1).toMillis();

    assertThat(stored.mustNoteUse(now)).isTrue();
    assertThat(stored.mustNoteUse(now)).isFalse();
    assertThat(stored.mustNoteUse(now + minute - 1)).isFalse();
    assertThat(stored.mustNoteUse(now + minute)).isTrue();
    assertThat(stored.mustNoteUse(now + minute)).isFalse();
  }

  private StoredKey stored(@Nullable Instant expiresAt, boolean revoked) {
    return new StoredKey(caller, text.secretSha256(), expiresAt, revoked);
  }
}
