package io.funkhaus.api.key;

import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.caller.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key as lists and pages show it; the secret is not in it, nobody has it but its holder.
 *
 * @param prefix how the key begins, to recognise it in a configuration file
 * @param createdBy e-mail address of the user, or name of the key, that made it
 */
public record ApiKey(
    String id,
    String name,
    Scope scope,
    String prefix,
    Instant createdAt,
    String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable String lastUsedAddress,
    @Nullable Instant revokedAt) {

  static String prefixOf(KeyId id) {
    return KeyText.PREFIX + id.value();
  }
}
