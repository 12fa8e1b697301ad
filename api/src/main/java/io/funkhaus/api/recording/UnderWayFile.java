package io.funkhaus.api.recording;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.caller.TenantId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The invocations that are under way, in a memory-mapped file beside the journal. Like a segment of
 * it, the mapping outlives a killed process: what is still in a slot at the next start was
 * interrupted. Any thread puts and removes, without lock and system call.
 *
 * <pre>
 *     0  magic "FKUWAY01"
 *     8  last sign of life of the service, microseconds since 1970
 *    64  slots of 1152 bytes, each: checksum (4), 0 while the slot is free · numbers · texts in
 *        UTF-8, each in a place of its own and with a 0 at its end
 * </pre>
 *
 * <p>What must not be broken: the checksum is stored last when a slot is filled, and the slot of an
 * invocation that gets a record is freed only after the journal has it, so that it is in one of
 * them at any time.
 */
final class UnderWayFile {
  /** As many as there can be connections of callers. */
  static final int SLOTS = 4_096;

  static final int HEADER_BYTES = 64;
  static final int SLOT_BYTES = 1_152;

  private static final Logger LOG = LoggerFactory.getLogger(UnderWayFile.class);

  private static final long MAGIC = 0x464b_5557_4159_3031L;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT_AT = INT.varHandle();

  private static final int NANOS = 4;
  private static final int ID_HIGH = 8;
  private static final int ID_LOW = 16;
  private static final int TENANT = 24;
  private static final int SECONDS = 32;
  private static final int MEMORY = 40;
  private static final int PAYLOAD_BYTES = 44;
  private static final int CONCURRENCY = 48;
  private static final Text TRIGGER = new Text(52, 16);
  private static final Text VERSION = new Text(TRIGGER.end(), 10);
  private static final Text KEY_ID = new Text(VERSION.end(), KeyId.LENGTH);
  private static final Text FUNCTION = new Text(KEY_ID.end(), 64);
  private static final Text ALIAS = new Text(FUNCTION.end(), 128);
  private static final Text KEY_NAME = new Text(ALIAS.end(), 128);

  private final MemorySegment memory;
  private final FreeSlots free;
  private final LongAdder unmarked = new LongAdder();

  private UnderWayFile(MemorySegment memory, int slots) {
    this.memory = memory;
    this.free = new FreeSlots(slots);
  }

  /**
   * A new, empty file in the place of the one that is there. Every block is written once: a full
   * disk shows here as an {@link IOException}, not later as a fault in the mapping.
   */
  static UnderWayFile create(Path file, int slots) throws IOException {
    Path made = file.resolveSibling(file.getFileName() + ".new");
    int bytes = HEADER_BYTES + slots * SLOT_BYTES;
    try (FileChannel channel =
        FileChannel.open(
            made,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 16);
      for (int written = 0; written < bytes; ) {
        zeros.clear().limit(Math.min(zeros.capacity(), bytes - written));
        written += channel.write(zeros);
      }
      // Unmapped when nothing refers to it: what ends after the recorder was closed may still say.
      MemorySegment memory =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), Arena.ofAuto());
      memory.set(LONG, 0, MAGIC);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new UnderWayFile(memory, slots);
    }
  }

  /**
   * Marks an invocation as under way.
   *
   * @return its slot, {@link FreeSlots#NONE} when none was free
   */
  int put(InvocationStart start) {
    int slot = free.take();
    if (slot == FreeSlots.NONE) {
      unmarked.increment();
      return slot;
    }
    long at = at(slot);
    memory.set(LONG, at + ID_HIGH, start.requestId().getMostSignificantBits());
    memory.set(LONG, at + ID_LOW, start.requestId().getLeastSignificantBits());
    memory.set(LONG, at + TENANT, start.tenant().value());
    Instant startedAt = start.startedAt();
    memory.set(LONG, at + SECONDS, startedAt.getEpochSecond());
    memory.set(INT, at + NANOS, startedAt.getNano());
    memory.set(INT, at + MEMORY, start.target().memory());
    memory.set(INT, at + PAYLOAD_BYTES, start.payloadBytes());
    memory.set(INT, at + CONCURRENCY, start.concurrency());
    Actor.Key key = start.key().orElse(null);
    TRIGGER.put(memory, at, start.trigger().name());
    VERSION.put(memory, at, start.target().version());
    KEY_ID.put(memory, at, key == null ? null : key.id().value());
    FUNCTION.put(memory, at, start.target().function());
    ALIAS.put(memory, at, start.target().alias());
    KEY_NAME.put(memory, at, key == null ? null : key.name());
    INT_AT.setRelease(memory, at, checksum(start));
    return slot;
  }

  /** Frees the slot of an invocation that is not under way any more. */
  void remove(int slot) {
    if (slot == FreeSlots.NONE) {
      return;
    }
    INT_AT.setRelease(memory, at(slot), 0);
    free.giveBack(slot);
  }

  /** Says that the service lives; with nothing under way nobody will want to know. */
  void signOfLife(Instant now) {
    if (taken() > 0) {
      memory.set(LONG, 8, ChronoUnit.MICROS.between(Instant.EPOCH, now));
    }
  }

  int taken() {
    return free.taken();
  }

  /** How many could not be marked, because all slots were taken. */
  long unmarked() {
    return unmarked.sum();
  }

  private static long at(int slot) {
    return HEADER_BYTES + (long) slot * SLOT_BYTES;
  }

  /**
   * The records of what was under way when the service that wrote the file ended. A file that is
   * none is moved aside.
   */
  static List<InvocationRecord> interrupted(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String reason = "another format";
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      if (memory.byteSize() >= HEADER_BYTES && memory.get(LONG, 0) == MAGIC) {
        return interrupted(memory);
      }
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage());
    }
    Path aside = asideOf(file);
    Files.move(file, aside);
    LOG.warn("event=under_way_file_put_aside file={} reason={}", aside, reason);
    return List.of();
  }

  private static Path asideOf(Path file) {
    int number = 1;
    while (Files.exists(aside(file, number))) {
      number++;
    }
    return aside(file, number);
  }

  private static Path aside(Path file, int number) {
    return file.resolveSibling(file.getFileName() + ".unknown-" + number);
  }

  private static List<InvocationRecord> interrupted(MemorySegment memory) {
    Instant lastSign = Instant.EPOCH.plus(memory.get(LONG, 8), ChronoUnit.MICROS);
    List<InvocationRecord> found = new ArrayList<>();
    for (long at = HEADER_BYTES; at + SLOT_BYTES <= memory.byteSize(); at += SLOT_BYTES) {
      int checksum = memory.get(INT, at);
      if (checksum == 0) {
        continue;
      }
      InvocationStart start = read(memory, at);
      if (start == null || checksum(start) != checksum) {
        LOG.warn("event=under_way_slot_torn offset={}", at);
        continue;
      }
      found.add(start.interrupted(lastSign));
    }
    return found;
  }

  /** Null when the slot has what no invocation can have. */
  private static @Nullable InvocationStart read(MemorySegment memory, long at) {
    try {
      String keyId = KEY_ID.get(memory, at);
      return new InvocationStart(
          new UUID(memory.get(LONG, at + ID_HIGH), memory.get(LONG, at + ID_LOW)),
          new TenantId(memory.get(LONG, at + TENANT)),
          new InvocationRecord.Target(
              FUNCTION.required(memory, at),
              VERSION.required(memory, at),
              ALIAS.get(memory, at),
              memory.get(INT, at + MEMORY)),
          Trigger.valueOf(TRIGGER.required(memory, at)),
          keyId == null
              ? Optional.empty()
              : Optional.of(new Actor.Key(new KeyId(keyId), KEY_NAME.required(memory, at))),
          Instant.ofEpochSecond(memory.get(LONG, at + SECONDS), memory.get(INT, at + NANOS)),
          memory.get(INT, at + PAYLOAD_BYTES),
          memory.get(INT, at + CONCURRENCY));
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | DateTimeException
        | ArithmeticException e) {
      return null;
    }
  }

  /**
   * Never 0. Of everything but the name of the key, which is for show. The strings know their hash
   * codes, which Java specifies.
   */
  private static int checksum(InvocationStart start) {
    int sum = Long.hashCode(start.requestId().getMostSignificantBits());
    sum = 31 * sum + Long.hashCode(start.requestId().getLeastSignificantBits());
    sum = 31 * sum + Long.hashCode(start.tenant().value());
    sum = 31 * sum + start.target().function().hashCode();
    sum = 31 * sum + start.target().version().hashCode();
    sum = 31 * sum + Objects.hashCode(start.target().alias());
    sum = 31 * sum + start.target().memory();
    sum = 31 * sum + start.trigger().name().hashCode();
    sum = 31 * sum + start.key().map(key -> key.id().value().hashCode()).orElse(0);
    Instant startedAt = start.startedAt();
    sum = 31 * sum + Long.hashCode(startedAt.getEpochSecond());
    sum = 31 * sum + startedAt.getNano();
    sum = 31 * sum + start.payloadBytes();
    sum = 31 * sum + start.concurrency();
    return sum == 0 ? 1 : sum;
  }

  /**
   * A place for a text; an absent one is stored as the empty one, which none of them can be.
   *
   * @param most characters that are kept of it
   */
  private record Text(int offset, int most) {
    private static final int BYTES_OF_A_CHARACTER = 3;

    int end() {
      return offset + bytes();
    }

    private int bytes() {
      return most * BYTES_OF_A_CHARACTER + 1;
    }

    void put(MemorySegment memory, long slot, @Nullable String text) {
      if (text == null) {
        memory.set(ValueLayout.JAVA_BYTE, slot + offset, (byte) 0);
        return;
      }
      memory.setString(slot + offset, text.length() <= most ? text : text.substring(0, most));
    }

    @Nullable String get(MemorySegment memory, long slot) {
      String text = memory.asSlice(slot + offset, bytes()).getString(0);
      return text.isEmpty() ? null : text;
    }

    String required(MemorySegment memory, long slot) {
      String text = get(memory, slot);
      if (text == null) {
        throw new IllegalArgumentException("a text is missing");
      }
      return text;
    }
  }
}
