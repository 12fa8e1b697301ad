package io.funkhaus.api.recording;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records on their way to PostgreSQL, in files that outlive a killed service. Any thread appends;
 * one thread, the recorder's, reads and releases. What was appended is never changed, and a segment
 * goes only after everything in it is in the database.
 */
final class Journal implements AutoCloseable {
  static final int SEGMENT_BYTES = 16 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final Pattern SEGMENT_NAME = Pattern.compile("([0-9]{16})\\.segment");

  private final Path directory;
  private final Limits limits;
  private final UUID id;
  private final FileChannel lockFile;
  private final long firstOwnSegment;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final NavigableMap<Long, JournalSegment> segments = new TreeMap<>();

  @GuardedBy("lock")
  private JournalSegment active;

  @GuardedBy("lock")
  private @Nullable JournalSegment spare;

  @GuardedBy("lock")
  private boolean closed;

  /** Segments before this one are on the disk, all of them. */
  @GuardedBy("lock")
  private long firstUnforced;

  @GuardedBy("lock")
  private @Nullable String growthFailure;

  private volatile @Nullable String refusal;
  private final AtomicLong tornSegments = new AtomicLong();

  /**
   * @param segmentBytes size of one file
   * @param capBytes what the files together may take before new invocations are refused
   */
  record Limits(int segmentBytes, long capBytes) {}

  private Journal(Path directory, Limits limits, UUID id, FileChannel lockFile) throws IOException {
    this.directory = directory;
    this.limits = limits;
    this.id = id;
    this.lockFile = lockFile;
    for (Path file : segmentFiles(directory)) {
      long number = numberOf(file);
      try {
        segments.put(number, JournalSegment.open(file, number));
      } catch (IOException e) {
        // A file that was being prepared when the service was killed: it held nothing.
        LOG.warn(
            "event=journal_segment_discarded file={} reason={}",
            file.getFileName(),
            e.getMessage());
        Files.delete(file);
      }
    }
    long next = segments.isEmpty() ? 1 : segments.lastKey() + 1;
    this.firstOwnSegment = next;
    this.active = JournalSegment.create(file(next), next, limits.segmentBytes());
    segments.put(next, active);
  }

  /**
   * Opens the journal of a directory, or makes one. What an earlier run left is kept for reading.
   *
   * @throws IOException when the directory cannot be used, or another process uses it
   */
  static Journal open(Path directory, Limits limits) throws IOException {
    Files.createDirectories(directory);
    FileChannel lockFile =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lockDirectory(directory, lockFile);
      Files.deleteIfExists(spareFile(directory));
      return new Journal(directory, limits, identify(directory), lockFile);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static void lockDirectory(Path directory, FileChannel lockFile) throws IOException {
    FileLock held;
    try {
      held = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      throw new IOException(
          "the journal in "
              + directory
              + " is in use by another process; give each instance a data directory of its own");
    }
  }

  private static UUID identify(Path directory) throws IOException {
    Path file = directory.resolve("id");
    if (Files.exists(file)) {
      String text = Files.readString(file).strip();
      try {
        return UUID.fromString(text);
      } catch (IllegalArgumentException e) {
        LOG.warn("event=journal_id_replaced file={} value={}", file, text);
      }
    }
    UUID id = UUID.randomUUID();
    Path made = directory.resolve("id.new");
    Files.writeString(made, id + "\n");
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return id;
  }

  /** Names this journal in the database; made with the directory. */
  UUID id() {
    return id;
  }

  /**
   * Adds one record; when this returns, a killed process does not lose it.
   *
   * @throws IOException when there is no room on the disk
   */
  void append(ByteBuffer record) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the journal is closed: the service is shutting down");
      }
      if (!active.hasRoomFor(record.remaining())) {
        startNextSegment();
      }
      active.append(record);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void startNextSegment() throws IOException {
    long number = active.number() + 1;
    JournalSegment next = spare;
    spare = null;
    if (next == null) {
      next = JournalSegment.create(file(number), number, limits.segmentBytes());
    } else {
      next.reuse(file(number), number);
    }
    active = next;
    segments.put(number, next);
    decideRefusal();
  }

  /** Where the next record will stand. */
  JournalPosition end() {
    lock.lock();
    try {
      return new JournalPosition(active.number(), active.end());
    } finally {
      lock.unlock();
    }
  }

  /** Reads on from a position: at most so many records, and not many more than so many bytes. */
  Batch read(JournalPosition from, int maxRecords, int maxBytes) throws IOException {
    List<byte[]> records = new ArrayList<>();
    JournalPosition position = from;
    int bytes = 0;
    while (records.size() < maxRecords && bytes < maxBytes) {
      Place place = place(position);
      if (place == null) {
        break;
      }
      boolean own = isOwn(place.segment().number());
      if (!records.isEmpty() && own != isOwn(position.segment())) {
        break;
      }
      position = new JournalPosition(place.segment().number(), place.offset());
      JournalSegment.Entry entry = place.segment().read(place.offset());
      if (entry instanceof JournalSegment.Entry.Body body) {
        records.add(body.bytes());
        bytes += body.bytes().length;
        position = new JournalPosition(position.segment(), body.next());
        continue;
      }
      if (entry instanceof JournalSegment.Entry.Torn torn) {
        cut(place, torn.reason());
      } else if (!place.sealed()) {
        break;
      }
      position = new JournalPosition(position.segment() + 1, JournalSegment.HEADER_BYTES);
    }
    return new Batch(records, from, position, isOwn(position.segment()));
  }

  private boolean isOwn(long segment) {
    return segment >= firstOwnSegment;
  }

  /** The segment of a position, or the next one that is there; null behind the last. */
  private @Nullable Place place(JournalPosition position) {
    lock.lock();
    try {
      Map.Entry<Long, JournalSegment> found = segments.ceilingEntry(position.segment());
      if (found == null) {
        return null;
      }
      boolean exact = found.getKey() == position.segment();
      return new Place(
          found.getValue(),
          exact ? position.offset() : JournalSegment.HEADER_BYTES,
          found.getValue() != active);
    } finally {
      lock.unlock();
    }
  }

  private void cut(Place place, String reason) throws IOException {
    LOG.warn(
        "event=journal_segment_cut segment={} offset={} reason={}",
        place.segment().number(),
        place.offset(),
        reason);
    lock.lock();
    try {
      tornSegments.incrementAndGet();
      if (place.segment() == active) {
        startNextSegment();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Everything before the position is in the database: its segments may go. */
  void release(JournalPosition upTo) throws IOException {
    List<JournalSegment> gone;
    lock.lock();
    try {
      NavigableMap<Long, JournalSegment> before = segments.headMap(upTo.segment(), false);
      gone = new ArrayList<>(before.values());
      gone.remove(active);
      gone.forEach(segment -> segments.remove(segment.number()));
      if (spare == null && !gone.isEmpty() && hasFullSize(gone.getLast())) {
        JournalSegment kept = gone.removeLast();
        kept.park(spareFile(directory));
        spare = kept;
      }
      decideRefusal();
    } finally {
      lock.unlock();
    }
    for (JournalSegment segment : gone) {
      segment.delete();
    }
  }

  private boolean hasFullSize(JournalSegment segment) {
    return segment.capacity() == limits.segmentBytes();
  }

  /** Makes the next segment ahead of its need, off the path of invocations. */
  void prepare() {
    lock.lock();
    try {
      if (closed || spare != null || active.end() < limits.segmentBytes() / 2) {
        return;
      }
    } finally {
      lock.unlock();
    }
    JournalSegment made = null;
    String failure = null;
    try {
      Path file = spareFile(directory);
      Files.deleteIfExists(file);
      made = JournalSegment.create(file, 0, limits.segmentBytes());
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
      LOG.warn("event=journal_prepare_failed reason={}", failure);
    }
    lock.lock();
    try {
      spare = made;
      growthFailure = failure;
      decideRefusal();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void decideRefusal() {
    long used = bytesOnDisk();
    if (used >= limits.capBytes()) {
      refusal =
          "the journal of invocations not yet in PostgreSQL takes "
              + used
              + " bytes and may take "
              + limits.capBytes()
              + "; it shrinks when PostgreSQL answers again, and whoever runs this installation can"
              + " raise the limit";
      return;
    }
    refusal =
        growthFailure == null
            ? null
            : "the journal of invocations in "
                + directory
                + " cannot grow ("
                + growthFailure
                + "); free space on that disk";
  }

  /** Why no invocation should be started now, if so. Costs one volatile read. */
  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  long bytesOnDisk() {
    lock.lock();
    try {
      return (long) segments.size() * limits.segmentBytes();
    } finally {
      lock.unlock();
    }
  }

  /** How many segments had an end that could not be read. */
  long tornSegments() {
    return tornSegments.get();
  }

  /**
   * Puts what was appended on the disk, against loss of power: also what stands in segments that
   * have been filled since the last time. Called by the reading thread, which alone unmaps them.
   */
  void force() {
    List<JournalSegment> changed;
    lock.lock();
    try {
      changed = List.copyOf(segments.tailMap(firstUnforced, true).values());
      firstUnforced = active.number();
    } finally {
      lock.unlock();
    }
    changed.forEach(JournalSegment::force);
  }

  /** Ends appending and unmaps; the files stay. Called by the reading thread, or after it ended. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      segments.values().forEach(JournalSegment::close);
      segments.clear();
      if (spare != null) {
        spare.delete();
      }
    } finally {
      lock.unlock();
    }
    lockFile.close();
  }

  private Path file(long number) {
    return directory.resolve("%016d.segment".formatted(number));
  }

  private static Path spareFile(Path directory) {
    return directory.resolve("spare");
  }

  private static List<Path> segmentFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> SEGMENT_NAME.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  private static long numberOf(Path file) {
    Matcher matcher = SEGMENT_NAME.matcher(file.getFileName().toString());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(file + " is not a journal segment");
    }
    return Long.parseLong(matcher.group(1));
  }

  private record Place(JournalSegment segment, int offset, boolean sealed) {}

  /**
   * Records in the order in which they were appended.
   *
   * @param end where to read on
   * @param own whether this run appended them, and not an earlier one
   */
  record Batch(List<byte[]> records, JournalPosition start, JournalPosition end, boolean own) {}
}
