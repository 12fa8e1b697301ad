package io.funkhaus.api.key;

import io.funkhaus.api.caller.Caller;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A key as it is kept in memory for checking: the hash of its secret and who it stands for. */
final class StoredKey {

  private static final long NEVER = Long.MIN_VALUE;

  private final Caller caller;
  private final byte[] secretSha256;
  private final long expiresAtMillis;
  private final boolean revoked;
  private final AtomicLong useNotedAtMillis = new AtomicLong(NEVER);

  StoredKey(Caller caller, byte[] secretSha256, @Nullable Instant expiresAt, boolean revoked) {
    this.caller = caller;
    this.secretSha256 = secretSha256.clone();
    this.expiresAtMillis = expiresAt == null ? Long.MAX_VALUE : expiresAt.toEpochMilli();
    this.revoked = revoked;
  }

  /** Compares in constant time. */
  boolean hasSecret(byte[] presentedSha256) {
    return MessageDigest.isEqual(secretSha256, presentedSha256);
  }

  /** To be asked only for a presented key with the right secret. */
  KeyCheck check(long nowMillis) {
    if (revoked) {
      return new KeyCheck.Rejected(KeyCheck.Reason.REVOKED);
    }
    if (nowMillis >= expiresAtMillis) {
      return new KeyCheck.Rejected(KeyCheck.Reason.EXPIRED);
    }
    return new KeyCheck.Authenticated(caller);
  }

  /** True for one of all callers in each {@link KeyUses#GRAIN}. */
  boolean mustNoteUse(long nowMillis) {
    long noted = useNotedAtMillis.get();
    boolean due = noted == NEVER || nowMillis - noted >= KeyUses.GRAIN.toMillis();
    return due && useNotedAtMillis.compareAndSet(noted, nowMillis);
  }
}
