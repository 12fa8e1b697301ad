package io.funkhaus.api.caller;

/** Identifies a tenant inside the platform. Callers outside see the {@link AccountId} instead. */
public record TenantId(long value) {

  /** Refuses what the database never hands out. */
  public TenantId {
    if (value < 1) {
      throw new IllegalArgumentException("a tenant id is 1 or more, was " + value);
    }
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
