package io.funkhaus.api.invocation;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/**
 * When a request can have been accepted, by its id: ids of version 7 begin with the milliseconds
 * since 1970 (RFC 9562, section 5.7). A look-up that names the time reads one or two partitions of
 * the table instead of all of them. Clocks that were set meanwhile are allowed for.
 */
record RequestWindow(OffsetDateTime from, OffsetDateTime to) {
  private static final Duration ALLOWANCE = Duration.ofHours(1);
  private static final int TIME_ORDERED = 7;
  private static final RequestWindow ANY_TIME =
      new RequestWindow(at(Instant.EPOCH), at(Instant.parse("9999-12-31T00:00:00Z")));

  static RequestWindow of(UUID requestId) {
    if (requestId.version() != TIME_ORDERED) {
      return ANY_TIME;
    }
    Instant made = Instant.ofEpochMilli(requestId.getMostSignificantBits() >>> 16);
    return new RequestWindow(at(made.minus(ALLOWANCE)), at(made.plus(ALLOWANCE)));
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
