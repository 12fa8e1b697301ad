package io.funkhaus.api.invocation;

import io.funkhaus.api.problem.InvalidValueException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/**
 * The place of a row in a list: a list goes on behind it, whatever was added in front. Opaque to
 * callers.
 */
record InvocationCursor(Instant startedAt, UUID requestId) {
  private static final int BYTES = 3 * Long.BYTES;

  static InvocationCursor parse(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      if (bytes.length == BYTES) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long micros = in.getLong();
        if (micros < 0) {
          throw new DateTimeException("earlier than any invocation");
        }
        Instant startedAt = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        return new InvocationCursor(startedAt, new UUID(in.getLong(), in.getLong()));
      }
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      // Answered below, like every other text that is not a cursor.
    }
    throw new InvalidValueException(
        "cursor", text, "cursor must be the nextCursor of an earlier answer");
  }

  @Override
  public String toString() {
    ByteBuffer out =
        ByteBuffer.allocate(BYTES)
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, startedAt))
            .putLong(requestId.getMostSignificantBits())
            .putLong(requestId.getLeastSignificantBits());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
  }
}
