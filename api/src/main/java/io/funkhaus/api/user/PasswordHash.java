package io.funkhaus.api.user;

/** A password, hashed and encoded with its parameters. Prints nothing of itself. */
public record PasswordHash(String encoded) {

  /** Refuses what cannot be an encoded hash, above all a plain password. */
  public PasswordHash {
    if (!encoded.startsWith("$argon2id$")) {
      throw new IllegalArgumentException("a password hash is an encoded Argon2id hash");
    }
  }

  @Override
  public String toString() {
    return "****";
  }
}
