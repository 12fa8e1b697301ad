package io.funkhaus.api.key;

import io.funkhaus.api.caller.Caller;

/** What the {@code Authorization} header of a request proves. */
public sealed interface KeyCheck {

  /** The key is good; this is who calls. */
  record Authenticated(Caller caller) implements KeyCheck {}

  /** The key is not good. */
  record Rejected(Reason reason) implements KeyCheck {}

  /**
   * Why a key is not good. Only who holds the right secret learns that a key expired or was
   * revoked.
   */
  enum Reason {
    /** The header is not {@code Bearer} with something that has the form of a key. */
    MALFORMED(
        "KeyMalformed",
        "Authorization must be 'Bearer fk_…', a whole API key of 66 characters; this is not one."),
    /** The checksum does not fit: a character is missing, swapped or wrong. */
    MISTYPED(
        "KeyMistyped",
        "This API key has a typing error: its checksum does not fit. Copy the whole key again."),
    /** There is no such key. */
    UNKNOWN("KeyUnknown", "There is no such API key. Make one under API keys in the console."),
    /** Its time is over. */
    EXPIRED(
        "KeyExpired", "This API key has expired. Make a new one under API keys in the console."),
    /** Somebody revoked it. */
    REVOKED(
        "KeyRevoked", "This API key was revoked. Make a new one under API keys in the console.");

    private final String code;
    private final String message;

    Reason(String code, String message) {
      this.code = code;
      this.message = message;
    }

    /** The stable code of the problem document. */
    public String code() {
      return code;
    }

    /** What is wrong and what to do. */
    public String message() {
      return message;
    }
  }
}
