package io.funkhaus.api.function.draft;

import io.funkhaus.api.problem.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The last function of a page, as the text that callers hand back for the next one. */
record FunctionCursor(Instant updatedAt, long number) {
  /** Before everything: the first page. PostgreSQL and Instant both know this moment. */
  static final FunctionCursor START =
      new FunctionCursor(Instant.parse("9999-12-31T00:00:00Z"), Long.MAX_VALUE);

  private static final Pattern SHAPE =
      Pattern.compile("([0-9]{1,11})\\.([0-9]{1,9})\\.([0-9]{1,18})");

  static FunctionCursor parse(@Nullable String text) {
    if (text == null) {
      return START;
    }
    try {
      Matcher parts =
          SHAPE.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII));
      if (parts.matches()) {
        return new FunctionCursor(
            Instant.ofEpochSecond(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))),
            Long.parseLong(parts.group(3)));
      }
    } catch (IllegalArgumentException notBase64) {
      // Refused below, like every other text that is no cursor.
    }
    throw new InvalidValueException(
        "cursor", null, "cursor must be the nextCursor of the page before");
  }

  String text() {
    String plain = updatedAt.getEpochSecond() + "." + updatedAt.getNano() + "." + number;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
  }
}
