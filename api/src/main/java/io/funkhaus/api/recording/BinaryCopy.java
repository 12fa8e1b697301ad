package io.funkhaus.api.recording;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Rows in PostgreSQL's binary COPY format: lengths instead of escapes, so that no byte of a
 * function's output can end a field or a row. Text must hold no NUL ({@link StoredText}).
 */
final class BinaryCopy {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final long MICROS_FROM_1970_TO_2000 = 946_684_800_000_000L;
  private static final int ABSENT = -1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final int columns;
  private int rows;

  BinaryCopy(int columns) {
    this.columns = columns;
    write(() -> {
      out.write(SIGNATURE);
      out.writeInt(0);
      out.writeInt(0);
    });
  }

  BinaryCopy row() {
    rows++;
    return write(() -> out.writeShort(columns));
  }

  BinaryCopy bigint(long value) {
    return write(() -> {
      out.writeInt(Long.BYTES);
      out.writeLong(value);
    });
  }

  BinaryCopy integer(int value) {
    return write(() -> {
      out.writeInt(Integer.BYTES);
      out.writeInt(value);
    });
  }

  BinaryCopy bool(boolean value) {
    return write(() -> {
      out.writeInt(1);
      out.writeByte(value ? 1 : 0);
    });
  }

  BinaryCopy uuid(UUID value) {
    return write(() -> {
      out.writeInt(2 * Long.BYTES);
      out.writeLong(value.getMostSignificantBits());
      out.writeLong(value.getLeastSignificantBits());
    });
  }

  BinaryCopy timestamp(Instant value) {
    long micros = value.getEpochSecond() * 1_000_000 + value.getNano() / 1_000;
    return bigint(micros - MICROS_FROM_1970_TO_2000);
  }

  BinaryCopy text(@Nullable String value) {
    if (value == null) {
      return write(() -> out.writeInt(ABSENT));
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return bytea(utf8, utf8.length);
  }

  BinaryCopy bytea(byte[] value, int length) {
    return write(() -> {
      out.writeInt(length);
      out.write(value, 0, length);
    });
  }

  int rows() {
    return rows;
  }

  /** The whole stream, with its end. */
  byte[] finish() {
    write(() -> out.writeShort(-1));
    return bytes.toByteArray();
  }

  private BinaryCopy write(Write write) {
    try {
      write.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
  }

  @FunctionalInterface
  private interface Write {
    void run() throws IOException;
  }
}
