package io.funkhaus.api.tenant;

import java.util.Locale;

/** What a user is within a tenant. */
public enum Role {
  /** May do everything, and is who signed the tenant up. */
  OWNER,
  /** May do everything with functions and keys. */
  DEVELOPER;

  /** The word for it in JSON and in the database. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Role ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
