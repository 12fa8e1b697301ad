package io.funkhaus.api.recording;

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
import java.util.zip.CRC32C;

/**
 * One memory-mapped file of the journal. What was written to the mapping belongs to the kernel: it
 * outlives a killed process without a system call per record.
 *
 * <pre>
 *   0   magic "FKJRNL01"
 *   8   number of the segment
 *  16   records, each:  length (4) · CRC32C of segment number and body (4) · body · padding to 4
 *       a length of 0 ends the segment
 * </pre>
 *
 * The length is stored last, so that a record is either whole or not there. The checksum covers the
 * number because files are used again: an old record must never pass for a new one. Not
 * thread-safe; {@link Journal} lets one thread append and one read.
 */
final class JournalSegment {
  static final int HEADER_BYTES = 16;
  static final int RECORD_HEADER_BYTES = 8;

  private static final long MAGIC = 0x464b_4a52_4e4c_3031L;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT_AT = INT.varHandle();

  private final Arena arena;
  private final MemorySegment memory;
  private Path file;
  private long number;
  private int end = HEADER_BYTES;

  private JournalSegment(Path file, long number, Arena arena, MemorySegment memory) {
    this.file = file;
    this.number = number;
    this.arena = arena;
    this.memory = memory;
  }

  /**
   * A new, empty segment. Every block is written once: a full disk shows here as an {@link
   * IOException}, not later as a fault in the mapping.
   */
  static JournalSegment create(Path file, long number, int bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
      for (int written = 0; written < bytes; ) {
        zeros.clear().limit(Math.min(zeros.capacity(), bytes - written));
        written += channel.write(zeros);
      }
      JournalSegment segment = map(channel, file, number);
      segment.writeHeader();
      return segment;
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** The file was being prepared for its name when its process ended: it holds no records. */
  static final class NotReady extends IOException {
    private static final long serialVersionUID = 1;

    NotReady(String message) {
      super(message);
    }
  }

  /**
   * A segment that an earlier run left.
   *
   * @throws NotReady when it was being prepared, or being made that segment out of another
   */
  static JournalSegment open(Path file, long number) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (channel.size() < HEADER_BYTES) {
        throw new NotReady(file + " is shorter than the header of a journal segment");
      }
      JournalSegment segment = map(channel, file, number);
      try {
        segment.check();
      } catch (IOException e) {
        segment.close();
        throw e;
      }
      segment.end = segment.capacity();
      return segment;
    }
  }

  private void check() throws IOException {
    long magic = memory.get(LONG, 0);
    if (magic != 0 && magic != MAGIC) {
      throw new IOException(
          file + " is not a segment of this journal; move it away to start without its records");
    }
    if (magic == 0 || memory.get(LONG, 8) != number) {
      throw new NotReady(file + " is not journal segment " + number);
    }
  }

  private static JournalSegment map(FileChannel channel, Path file, long number)
      throws IOException {
    Arena arena = Arena.ofShared();
    MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
    return new JournalSegment(file, number, arena, memory);
  }

  /** Makes a segment that is no longer needed the empty segment of another number. */
  void reuse(Path newFile, long newNumber) throws IOException {
    Files.move(file, newFile, StandardCopyOption.ATOMIC_MOVE);
    file = newFile;
    number = newNumber;
    end = HEADER_BYTES;
    writeHeader();
  }

  private void writeHeader() {
    memory.set(INT, HEADER_BYTES, 0);
    memory.set(LONG, 8, number);
    memory.set(LONG, 0, MAGIC);
  }

  long number() {
    return number;
  }

  /** Where the next record goes. */
  int end() {
    return end;
  }

  int capacity() {
    return Math.toIntExact(memory.byteSize());
  }

  boolean hasRoomFor(int bodyBytes) {
    // Behind the record there must be room for the length 0 that ends the segment.
    return end + recordBytes(bodyBytes) + 4L <= capacity();
  }

  /** Appends what remains in the buffer; {@link #hasRoomFor} was asked before. */
  void append(ByteBuffer body) {
    int length = body.remaining();
    int next = Math.toIntExact(end + recordBytes(length));
    memory.asSlice(end + (long) RECORD_HEADER_BYTES, length).copyFrom(MemorySegment.ofBuffer(body));
    memory.set(INT, end + 4L, checksum(body));
    memory.set(INT, next, 0);
    INT_AT.setRelease(memory, (long) end, length);
    end = next;
  }

  /** What is at an offset; the body is copied. */
  Entry read(int offset) {
    if (offset + RECORD_HEADER_BYTES > capacity()) {
      return new Entry.End();
    }
    int length = (int) INT_AT.getAcquire(memory, (long) offset);
    if (length == 0) {
      return new Entry.End();
    }
    if (length < 0 || offset + recordBytes(length) > capacity()) {
      return new Entry.Torn("a length of " + length + " bytes");
    }
    byte[] body = new byte[length];
    MemorySegment.copy(
        memory, ValueLayout.JAVA_BYTE, offset + RECORD_HEADER_BYTES, body, 0, length);
    if (memory.get(INT, offset + 4L) != checksum(ByteBuffer.wrap(body))) {
      return new Entry.Torn("a wrong checksum");
    }
    return new Entry.Body(body, Math.toIntExact(offset + recordBytes(length)));
  }

  /** Puts on the disk what was written, against loss of power. */
  void force() {
    memory.force();
  }

  /** Unmaps and leaves the file. */
  void close() {
    arena.close();
  }

  /** Moves the file out of the sequence of segments. */
  void park(Path spare) throws IOException {
    Files.move(file, spare, StandardCopyOption.ATOMIC_MOVE);
    file = spare;
  }

  /** Unmaps and deletes the file. */
  void delete() throws IOException {
    close();
    Files.deleteIfExists(file);
  }

  private static long recordBytes(int bodyBytes) {
    return RECORD_HEADER_BYTES + ((bodyBytes + 3L) & ~3L);
  }

  private int checksum(ByteBuffer body) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    crc.update(body.duplicate());
    return (int) crc.getValue();
  }

  /** What stands at one place of a segment. */
  sealed interface Entry {
    /** A whole record, and where the next one is. */
    @SuppressWarnings("ArrayRecordComponent") // bytes from the file to the decoder
    record Body(byte[] bytes, int next) implements Entry {}

    /** Nothing more (yet). */
    record End() implements Entry {}

    /** The rest of the segment is not to be trusted. */
    record Torn(String reason) implements Entry {}
  }
}
