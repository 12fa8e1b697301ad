package io.funkhaus.api.caller;

/** Identifies a user inside the platform. */
public record UserId(long value) {

  /** Refuses what the database never hands out. */
  public UserId {
    if (value < 1) {
      throw new IllegalArgumentException("a user id is 1 or more, was " + value);
    }
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
