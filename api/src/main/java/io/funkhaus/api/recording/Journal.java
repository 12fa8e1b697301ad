package io.funkhaus.api.recording;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records on their way to PostgreSQL, in files that outlive a killed service. Any thread appends;
 * one thread, the recorder's, reads and releases. What was appended is never changed, and a segment
 * goes only after everything in it is in the database.
 *
 * <p>The lock guards which segments there are and where the active one ends. Records are read, and
 * files forced, deleted and made ahead, outside it; only a segment that is needed before its spare
 * is ready is made under it.
 */
final class Journal implements AutoCloseable {
  static final int SEGMENT_BYTES = 16 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  private final JournalDirectory directory;
  private final Limits limits;
  private final long firstOwnSegment;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final SegmentSequence segments;

  @GuardedBy("lock")
  private boolean closed;

  @GuardedBy("lock")
  private @Nullable String growthFailure;

  private volatile @Nullable String refusal;
  private final AtomicLong tornSegments = new AtomicLong();

  /**
   * @param segmentBytes size of one file
   * @param capBytes what the files together may take before new invocations are refused
   */
  record Limits(int segmentBytes, long capBytes) {}

  private Journal(JournalDirectory directory, Limits limits) throws IOException {
    this.directory = directory;
    this.limits = limits;
    this.segments = new SegmentSequence(directory, limits.segmentBytes());
    this.firstOwnSegment = segments.active().number();
  }

  /**
   * Opens the journal of a directory, or makes one. What an earlier run left is kept for reading.
   *
   * @throws IOException when the directory cannot be used, or another process uses it
   */
  static Journal open(Path path, Limits limits) throws IOException {
    JournalDirectory directory = JournalDirectory.open(path);
    try {
      return new Journal(directory, limits);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** Names this journal in the database; made with the directory. */
  UUID id() {
    return directory.id();
  }

  /** Of the invocations under way; this journal has their records when they have ended. */
  Path underWayFile() {
    return directory.underWayFile();
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
      if (!segments.active().hasRoomFor(record.remaining())) {
        startNextSegment();
      }
      segments.active().append(record);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void startNextSegment() throws IOException {
    segments.startNext();
    decideRefusal();
  }

  /** Where the next record will stand. */
  JournalPosition end() {
    lock.lock();
    try {
      JournalSegment active = segments.active();
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
      SegmentSequence.Place place = place(position);
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

  private SegmentSequence.@Nullable Place place(JournalPosition position) {
    lock.lock();
    try {
      return segments.place(position);
    } finally {
      lock.unlock();
    }
  }

  private boolean isOwn(long segment) {
    return segment >= firstOwnSegment;
  }

  private void cut(SegmentSequence.Place place, String reason) throws IOException {
    LOG.warn(
        "event=journal_segment_cut segment={} offset={} reason={}",
        place.segment().number(),
        place.offset(),
        reason);
    tornSegments.incrementAndGet();
    lock.lock();
    try {
      if (place.segment() == segments.active()) {
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
      gone = segments.removeBefore(upTo.segment());
      decideRefusal();
    } finally {
      lock.unlock();
    }
    for (JournalSegment segment : gone) {
      segment.delete();
    }
  }

  /** Makes the next segment ahead of its need, off the path of invocations. */
  void prepare() {
    if (!wantsSpare()) {
      return;
    }
    JournalSegment made = null;
    String failure = null;
    try {
      made = directory.createSpare(limits.segmentBytes());
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
      LOG.warn("event=journal_prepare_failed reason={}", failure);
    }
    lock.lock();
    try {
      if (made != null) {
        segments.keepSpare(made);
      }
      growthFailure = failure;
      decideRefusal();
    } finally {
      lock.unlock();
    }
  }

  private boolean wantsSpare() {
    lock.lock();
    try {
      return !closed && segments.wantsSpare();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void decideRefusal() {
    long used = segments.bytes();
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
                + directory.path()
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
      return segments.bytes();
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
      changed = segments.takeUnforced();
    } finally {
      lock.unlock();
    }
    changed.forEach(JournalSegment::force);
  }

  /** Ends appending and unmaps; the files stay. Called by the reading thread, or after it ended. */
  @Override
  public void close() throws IOException {
    List<JournalSegment> left;
    JournalSegment spare;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      left = segments.removeAll();
      spare = segments.takeSpare();
    } finally {
      lock.unlock();
    }
    left.forEach(JournalSegment::close);
    if (spare != null) {
      spare.delete();
    }
    directory.close();
  }

  /**
   * Records in the order in which they were appended.
   *
   * @param end where to read on
   * @param own whether this run appended them, and not an earlier one
   */
  record Batch(List<byte[]> records, JournalPosition start, JournalPosition end, boolean own) {}
}
