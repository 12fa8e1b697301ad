package io.funkhaus.api.caller;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do within its tenant. A signed-in user of the console has {@link #FULL}. */
public enum Scope {
  /** Call functions and ask who one is; nothing else. */
  INVOKE,
  /** Everything within the tenant. */
  FULL;

  /** The word for it in JSON and in the database. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope with this word; empty when there is none. */
  public static Optional<Scope> ofWord(String word) {
    return Arrays.stream(values()).filter(scope -> scope.word().equals(word)).findFirst();
  }
}
