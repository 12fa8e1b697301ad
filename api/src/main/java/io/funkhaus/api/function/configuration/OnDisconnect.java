package io.funkhaus.api.function.configuration;

import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.Shown;

/** What becomes of an invocation whose caller has gone away. */
public enum OnDisconnect {
  /** It runs to its end and is recorded. */
  FINISH,
  /** It is cancelled, and recorded as such. */
  CANCEL;

  /** As the API and the tables write it. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public static OnDisconnect parse(String word) {
    for (OnDisconnect known : values()) {
      if (known.word().equals(word)) {
        return known;
      }
    }
    throw new InvalidValueException(
        "onDisconnect",
        Shown.of(word),
        "onDisconnect must be finish or cancel, was " + Shown.of(word));
  }
}
