package io.funkhaus.api.recording;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.scheduler.CapturedLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Entries as bytes. The first byte says which kind and which form of it; a form is never changed,
 * only followed by another, because a journal may be read by a newer service than wrote it.
 */
final class JournalCodec {
  private static final byte ENDED_1 = 1;
  private static final byte REFUSED_1 = 2;

  private static final int FIXED_BYTES = 256;
  private static final int ABSENT = -1;

  private JournalCodec() {}

  /** The bytes remain in the buffer. */
  static ByteBuffer encode(InvocationRecord record) {
    ByteBuffer out = ByteBuffer.allocate(sizeBound(record));
    out.put(ENDED_1);
    putUuid(out, record.requestId());
    out.putLong(record.tenant().value());
    putText(out, record.target().function());
    putText(out, record.target().version());
    putText(out, record.target().alias());
    out.putInt(record.target().memory());
    putText(out, record.trigger().name());
    putText(out, record.key().map(key -> key.id().value()).orElse(null));
    putText(out, record.key().map(Actor.Key::name).orElse(null));
    putText(out, record.status().name());
    putError(out, record.error().orElse(null));
    putInstant(out, record.startedAt());
    putMeasures(out, record.measures());
    putContent(out, record.payload());
    putContent(out, record.result());
    putBytes(out, record.log().bytes(), record.log().bytes().length);
    out.putLong(record.log().droppedBytes());
    out.putInt(record.concurrencyAtStart());
    return out.flip();
  }

  static ByteBuffer encode(RefusedCount count) {
    ByteBuffer out =
        ByteBuffer.allocate(
            FIXED_BYTES + 3 * (count.function().length() + count.version().length()));
    out.put(REFUSED_1);
    out.putLong(count.tenant().value());
    putText(out, count.function());
    putText(out, count.version());
    putInstant(out, count.at());
    out.putLong(count.count());
    return out.flip();
  }

  /** Reads either kind. */
  static JournalEntry decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte kind = in.get();
    return switch (kind) {
      case ENDED_1 -> new JournalEntry.Ended(ended(in));
      case REFUSED_1 -> new JournalEntry.Refused(refused(in));
      default ->
          throw new IllegalArgumentException(
              "a journal record of kind " + kind + " is not known to this version of the service");
    };
  }

  private static InvocationRecord ended(ByteBuffer in) {
    UUID requestId = new UUID(in.getLong(), in.getLong());
    TenantId tenant = new TenantId(in.getLong());
    InvocationRecord.Target target =
        new InvocationRecord.Target(text(in), text(in), textOrNull(in), in.getInt());
    Trigger trigger = Trigger.valueOf(text(in));
    Optional<Actor.Key> key = key(textOrNull(in), textOrNull(in));
    InvocationStatus status = InvocationStatus.valueOf(text(in));
    Optional<FunctionError> error = error(in);
    return new InvocationRecord(
        requestId,
        tenant,
        target,
        trigger,
        key,
        status,
        error,
        instant(in),
        measures(in),
        content(in),
        content(in),
        new CapturedLog(bytes(in), in.getLong()),
        in.getInt());
  }

  private static RefusedCount refused(ByteBuffer in) {
    return new RefusedCount(
        new TenantId(in.getLong()), text(in), text(in), instant(in), in.getLong());
  }

  private static int sizeBound(InvocationRecord record) {
    int size = FIXED_BYTES;
    size += textBound(record.target().function());
    size += textBound(record.target().version());
    size += textBound(record.target().alias());
    if (record.key().isPresent()) {
      size += textBound(record.key().get().name()) + KeyId.LENGTH;
    }
    if (record.error().isPresent()) {
      FunctionError error = record.error().get();
      size += textBound(error.type()) + textBound(error.message());
      for (String line : error.trace()) {
        size += textBound(line);
      }
    }
    return size
        + record.payload().keptBytes()
        + record.result().keptBytes()
        + record.log().bytes().length;
  }

  private static int textBound(@Nullable String text) {
    return text == null ? Integer.BYTES : Integer.BYTES + 3 * text.length();
  }

  private static void putUuid(ByteBuffer out, UUID id) {
    out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static void putInstant(ByteBuffer out, Instant instant) {
    out.putLong(instant.getEpochSecond()).putInt(instant.getNano());
  }

  private static Instant instant(ByteBuffer in) {
    return Instant.ofEpochSecond(in.getLong(), in.getInt());
  }

  private static void putMeasures(ByteBuffer out, InvocationRecord.Measures measures) {
    out.putLong(measures.queueMicros())
        .putLong(measures.initMicros())
        .putLong(measures.runMicros())
        .putLong(measures.billedMillis())
        .put((byte) (measures.coldStart() ? 1 : 0))
        .putLong(measures.peakMemoryBytes());
  }

  private static InvocationRecord.Measures measures(ByteBuffer in) {
    return new InvocationRecord.Measures(
        in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.get() == 1, in.getLong());
  }

  private static void putContent(ByteBuffer out, InvocationRecord.Content content) {
    putBytes(out, content.bytes(), content.keptBytes());
    out.putLong(content.length());
  }

  private static InvocationRecord.Content content(ByteBuffer in) {
    return new InvocationRecord.Content(bytes(in), in.getLong());
  }

  private static void putError(ByteBuffer out, @Nullable FunctionError error) {
    putText(out, error == null ? null : error.type());
    if (error == null) {
      return;
    }
    putText(out, error.message());
    out.putInt(error.trace().size());
    error.trace().forEach(line -> putText(out, line));
  }

  private static Optional<FunctionError> error(ByteBuffer in) {
    String type = textOrNull(in);
    if (type == null) {
      return Optional.empty();
    }
    String message = text(in);
    int lines = in.getInt();
    List<String> trace = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      trace.add(text(in));
    }
    return Optional.of(new FunctionError(type, message, trace));
  }

  private static Optional<Actor.Key> key(@Nullable String id, @Nullable String name) {
    return id == null || name == null
        ? Optional.empty()
        : Optional.of(new Actor.Key(new KeyId(id), name));
  }

  private static void putText(ByteBuffer out, @Nullable String text) {
    if (text == null) {
      out.putInt(ABSENT);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    putBytes(out, bytes, bytes.length);
  }

  private static void putBytes(ByteBuffer out, byte[] bytes, int length) {
    out.putInt(length).put(bytes, 0, length);
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static @Nullable String textOrNull(ByteBuffer in) {
    int length = in.getInt();
    if (length == ABSENT) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }
}
