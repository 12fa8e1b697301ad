package io.funkhaus.api.recording;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.scheduler.CapturedLog;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is kept of one invocation: one record of the journal, one row of the database.
 *
 * @param key the API key that called, absent for the console
 * @param startedAt when it was accepted
 * @param concurrencyAtStart how many invocations of the function ran when this one started, itself
 *     included
 */
public record InvocationRecord(
    UUID requestId,
    TenantId tenant,
    Target target,
    Trigger trigger,
    Optional<Actor.Key> key,
    InvocationStatus status,
    Optional<FunctionError> error,
    Instant startedAt,
    Measures measures,
    Content payload,
    Content result,
    CapturedLog log,
    int concurrencyAtStart) {

  /** How much of a payload and of a result is kept. */
  public static final int KEPT_BYTES = 64 * 1024;

  /**
   * What ran.
   *
   * @param version the version that ran, a number or {@code $LATEST}
   * @param alias the alias it was called by
   */
  public record Target(String function, String version, @Nullable String alias, int memory) {}

  /**
   * Times, memory and whether the sandbox was new.
   *
   * @param queueMicros waiting for a sandbox
   * @param initMicros start of the sandbox when this invocation had to wait for it
   * @param runMicros the handler
   */
  public record Measures(
      long queueMicros,
      long initMicros,
      long runMicros,
      long billedMillis,
      boolean coldStart,
      long peakMemoryBytes) {
    public static final Measures NONE = new Measures(0, 0, 0, 0, false, 0);

    /** What the caller waited. */
    public long totalMicros() {
      return queueMicros + initMicros + runMicros;
    }
  }

  /**
   * Bytes of which the head is kept.
   *
   * @param bytes at least the head; shared, not copied: do not change
   * @param length of the whole
   */
  @SuppressWarnings("ArrayRecordComponent") // a copy per invocation would be on the warm path
  public record Content(byte[] bytes, long length) {
    public static final Content EMPTY = new Content(new byte[0], 0);

    /** All of it. */
    public static Content of(byte[] bytes) {
      return new Content(bytes, bytes.length);
    }

    int keptBytes() {
      return Math.min(bytes.length, KEPT_BYTES);
    }
  }
}
