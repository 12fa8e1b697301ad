package io.funkhaus.api.recording;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.scheduler.CapturedLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Records for tests: plain ones, and random ones with everything that can be nasty in them. */
public final class TestRecords {
  /** When they start, unless a test says otherwise. */
  public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private TestRecords() {}

  /** A small success of tenant 1's function hello. */
  public static InvocationRecord plain() {
    return at(NOON, new TenantId(1), "hello", InvocationStatus.SUCCEEDED, 1_500);
  }

  /** What is known of an invocation when it is accepted, and ends with this record. */
  public static InvocationStart start(InvocationRecord record) {
    return new InvocationStart(
        record.requestId(),
        record.tenant(),
        record.target(),
        record.trigger(),
        record.key(),
        record.startedAt(),
        Math.toIntExact(record.payload().length()),
        record.concurrencyAtStart());
  }

  /** A record of which only the given things matter. */
  public static InvocationRecord at(
      Instant startedAt, TenantId tenant, String function, InvocationStatus status, long micros) {
    return new InvocationRecord(
        UUID.randomUUID(),
        tenant,
        new InvocationRecord.Target(function, "$LATEST", null, 128),
        Trigger.API,
        Optional.of(new Actor.Key(new KeyId("abcdefghijkl"), "ci")),
        status,
        status == InvocationStatus.SUCCEEDED
            ? Optional.empty()
            : Optional.of(new FunctionError("TypeError", "x is not a function")),
        startedAt,
        new InvocationRecord.Measures(0, 0, micros, Math.ceilDiv(micros, 1_000), false, 9 << 20),
        content("{\"name\":\"Alice\"}"),
        content("\"Hello, Alice!\""),
        CapturedLog.EMPTY,
        1);
  }

  /** Everything random; the same for the same seed. */
  public static InvocationRecord random(Random random) {
    InvocationStatus[] statuses = InvocationStatus.values();
    InvocationStatus status = statuses[random.nextInt(statuses.length)];
    return new InvocationRecord(
        new UUID(random.nextLong(), random.nextLong()),
        new TenantId(1 + random.nextInt(3)),
        new InvocationRecord.Target(
            "f" + random.nextInt(4),
            random.nextBoolean() ? "$LATEST" : "" + (1 + random.nextInt(3)),
            random.nextBoolean() ? null : "live",
            128 << random.nextInt(6)),
        random.nextBoolean() ? Trigger.API : Trigger.CONSOLE,
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(new Actor.Key(new KeyId("abcdefghijkl"), text(random, 20))),
        status,
        status == InvocationStatus.SUCCEEDED
            ? Optional.empty()
            : Optional.of(
                new FunctionError(
                    text(random, 30),
                    text(random, 200),
                    List.of(text(random, 50), text(random, 50)))),
        NOON.plusNanos(random.nextLong(3L * 86_400 * 1_000_000) * 1_000),
        new InvocationRecord.Measures(
            random.nextInt(5_000),
            random.nextInt(10) == 0 ? random.nextInt(400_000) : 0,
            1L << random.nextInt(28),
            1 + random.nextInt(1_000),
            random.nextInt(10) == 0,
            random.nextLong(1L << 34)),
        new InvocationRecord.Content(bytes(random, 300), random.nextInt(1_000)),
        InvocationRecord.Content.of(bytes(random, 300)),
        new CapturedLog(bytes(random, 400), random.nextInt(3) == 0 ? random.nextInt(5_000) : 0),
        1 + random.nextInt(20));
  }

  private static InvocationRecord.Content content(String text) {
    return InvocationRecord.Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes of every value, with many that mean something to a database. */
  static byte[] bytes(Random random, int most) {
    byte[] bytes = new byte[random.nextInt(most + 1)];
    random.nextBytes(bytes);
    String nasty = "\0\\\t\n\r\"',;N.éß€😀";
    byte[] special = nasty.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      if (random.nextInt(3) == 0) {
        bytes[i] = special[random.nextInt(special.length)];
      }
    }
    return bytes;
  }

  /** Characters of every value, halves of surrogate pairs included. */
  static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(most);
    for (int i = 0; i < length; i++) {
      text.append((char) (random.nextInt(4) == 0 ? random.nextInt(65_536) : random.nextInt(128)));
    }
    return text.toString();
  }
}
