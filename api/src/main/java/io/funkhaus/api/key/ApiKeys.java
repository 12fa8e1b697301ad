package io.funkhaus.api.key;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.caller.Scope;
import io.funkhaus.api.invalidation.Cached;
import io.funkhaus.api.invalidation.Invalidations;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.ProblemException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * API keys. The key filter asks {@link #authenticate} on every request of the REST API; the rest is
 * for the controller and the console.
 *
 * <p>What must not be broken: a revoked key is refused everywhere within five seconds. Keys are
 * checked from memory only while {@link Invalidations#live()}; otherwise each check reads the
 * database.
 */
@Service
public class ApiKeys {

  /** Keys of one tenant that can be used at a time. */
  public static final int MOST_USABLE = 500;

  private static final String TOPIC = "api-key";
  private static final String BEARER = "Bearer ";
  private static final Duration LONGEST_IN_MEMORY = Duration.ofMinutes(10);
  private static final Duration UNKNOWN_IN_MEMORY = Duration.ofSeconds(5);
  private static final KeyCheck MALFORMED = new KeyCheck.Rejected(KeyCheck.Reason.MALFORMED);
  private static final KeyCheck MISTYPED = new KeyCheck.Rejected(KeyCheck.Reason.MISTYPED);
  private static final KeyCheck UNKNOWN = new KeyCheck.Rejected(KeyCheck.Reason.UNKNOWN);

  private final KeyRepository repository;
  private final KeyUses uses;
  private final Invalidations invalidations;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /** What an unknown id is compared with, so that it costs the same work as a known one. */
  private final byte[] nobodysSha256 = KeyText.generate(random).secretSha256();

  private final Cache<KeyId, @Nullable StoredKey> known =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(LONGEST_IN_MEMORY).build();
  private final Cache<KeyId, Boolean> unknown =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(UNKNOWN_IN_MEMORY).build();

  ApiKeys(
      KeyRepository repository, KeyUses uses, Invalidations invalidations, InstantSource clock) {
    this.repository = repository;
    this.uses = uses;
    this.invalidations = invalidations;
    this.clock = clock;
    invalidations.register(
        TOPIC,
        new Cached() {
          @Override
          public void forget(String id) {
            known.invalidate(new KeyId(id));
          }

          @Override
          public void forgetAll() {
            known.invalidateAll();
          }
        });
  }

  /**
   * Says whose key this is. No database round trip for a key that was seen before.
   *
   * @param authorization the {@code Authorization} header, whole
   * @param address where the request comes from, for "last used"
   */
  public KeyCheck authenticate(String authorization, String address) {
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return MALFORMED;
    }
    return switch (KeyText.read(authorization.substring(BEARER.length()).strip())) {
      case KeyText.Reading.Malformed() -> MALFORMED;
      case KeyText.Reading.Mistyped() -> MISTYPED;
      case KeyText.Reading.Intact(KeyText key) -> check(key, address);
    };
  }

  /** Makes a key. The answer is the only one that ever has the secret. */
  @Transactional
  public CreatedKey create(Caller caller, KeyName name, Scope scope, @Nullable Instant expiresAt) {
    caller.requireFull();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      throw new InvalidValueException(
          "expiresAt", expiresAt, "expiresAt must be in the future, was " + expiresAt);
    }
    if (repository.countUsable(caller.tenant(), now) >= MOST_USABLE) {
      throw ProblemException.conflict(
          "TooManyKeys",
          "This workspace has "
              + MOST_USABLE
              + " usable API keys, the most there may be; revoke one first.");
    }
    KeyText text = KeyText.generate(random);
    ApiKey key =
        new ApiKey(
            text.id().value(),
            name.value(),
            scope,
            ApiKey.prefixOf(text.id()),
            now,
            caller.actor().displayName(),
            expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.MICROS),
            null,
            null,
            null);
    repository.insert(caller.tenant(), key, text.secretSha256());
    return new CreatedKey(key, text.reveal());
  }

  /**
   * Keys of the caller's tenant, revoked ones too, newest first.
   *
   * @param cursor {@link KeyPage#nextCursor()} of the page before; empty for the first page
   */
  @Transactional(readOnly = true)
  public KeyPage list(Caller caller, int limit, Optional<KeyId> cursor) {
    caller.requireFull();
    List<ApiKey> keys =
        cursor
            .map(last -> repository.newestFirstAfter(caller.tenant(), last, limit + 1))
            .orElseGet(() -> repository.newestFirst(caller.tenant(), limit + 1));
    if (keys.size() <= limit) {
      return new KeyPage(keys, null);
    }
    List<ApiKey> page = List.copyOf(keys.subList(0, limit));
    return new KeyPage(page, page.getLast().id());
  }

  /** One key. */
  @Transactional(readOnly = true)
  public ApiKey get(Caller caller, String id) {
    caller.requireFull();
    return find(caller, keyId(id));
  }

  /** Gives a key another name. */
  @Transactional
  public ApiKey rename(Caller caller, String id, KeyName name) {
    caller.requireFull();
    KeyId key = keyId(id);
    if (!repository.rename(caller.tenant(), key, name)) {
      throw noSuchKey(id);
    }
    invalidations.publish(TOPIC, key.value());
    return find(caller, key);
  }

  /** Revokes a key for good: refused here at once, and everywhere within five seconds. */
  @Transactional
  public void revoke(Caller caller, String id) {
    caller.requireFull();
    KeyId key = keyId(id);
    if (!repository.revoke(caller.tenant(), key, clock.instant())) {
      throw noSuchKey(id);
    }
    invalidations.publish(TOPIC, key.value());
  }

  private KeyCheck check(KeyText key, String address) {
    KeyId id = key.id();
    byte[] presented = key.secretSha256();
    StoredKey stored = stored(id);
    if (stored == null) {
      MessageDigest.isEqual(nobodysSha256, presented);
      return UNKNOWN;
    }
    if (!stored.hasSecret(presented)) {
      return UNKNOWN;
    }
    long now = clock.millis();
    KeyCheck result = stored.check(now);
    if (result instanceof KeyCheck.Authenticated && stored.mustNoteUse(now)) {
      uses.note(new KeyUses.Use(id, Instant.ofEpochMilli(now), address));
    }
    return result;
  }

  private @Nullable StoredKey stored(KeyId id) {
    if (!invalidations.live()) {
      return repository.findForCheck(id).orElse(null);
    }
    StoredKey stored = known.getIfPresent(id);
    if (stored != null) {
      return stored;
    }
    if (unknown.getIfPresent(id) != null) {
      return null;
    }
    // Loads under the entry's lock: an invalidation of this id waits, and then removes what was
    // loaded.
    @Nullable StoredKey loaded =
        known.get(id, missing -> repository.findForCheck(missing).orElse(null));
    if (loaded == null) {
      unknown.put(id, Boolean.TRUE);
    }
    return loaded;
  }

  private ApiKey find(Caller caller, KeyId id) {
    return repository.find(caller.tenant(), id).orElseThrow(() -> noSuchKey(id.value()));
  }

  private static KeyId keyId(String id) {
    if (!KeyId.isWellFormed(id)) {
      throw noSuchKey(id);
    }
    return new KeyId(id);
  }

  private static ProblemException noSuchKey(String id) {
    return ProblemException.notFound(
        "KeyNotFound", "There is no API key " + id + " in this workspace.");
  }
}
