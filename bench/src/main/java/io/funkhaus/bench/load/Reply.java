package io.funkhaus.bench.load;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered.
 *
 * @param requestId of {@code X-Request-Id}
 * @param retryAfter of {@code Retry-After}
 */
public record Reply(
    int status, @Nullable String requestId, @Nullable String retryAfter, String body) {

  static Reply of(
      int status, @Nullable String requestId, @Nullable String retryAfter, byte[] body) {
    return new Reply(status, requestId, retryAfter, new String(body, StandardCharsets.UTF_8));
  }

  public boolean ok() {
    return status == 200;
  }
}
