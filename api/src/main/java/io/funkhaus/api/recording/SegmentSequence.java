package io.funkhaus.api.recording;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which segments a journal has, by rising number. The last one is active: records go there. The
 * others are sealed and wait to be read and removed. One more may lie ready as a spare.
 *
 * <pre>
 *   spare ──▶ active ──▶ sealed ──▶ removed, or the spare again
 * </pre>
 *
 * Not thread-safe: {@link Journal} calls it under its lock. What must not be broken: there is
 * always an active segment until all are removed, and a number is never used twice, because a
 * position in the database names it.
 */
final class SegmentSequence {
  private final JournalDirectory directory;
  private final int segmentBytes;
  private final NavigableMap<Long, JournalSegment> segments = new TreeMap<>();
  private JournalSegment active;
  private @Nullable JournalSegment spare;

  /** Segments before this one are on the disk, all of them. */
  private long firstUnforced;

  /** Takes over what an earlier run left and goes on behind it, in a segment of its own. */
  SegmentSequence(JournalDirectory directory, int segmentBytes) throws IOException {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    for (JournalSegment left : directory.openSegments()) {
      segments.put(left.number(), left);
    }
    long next = segments.isEmpty() ? 1 : segments.lastKey() + 1;
    this.active = directory.createSegment(next, segmentBytes);
    segments.put(next, active);
  }

  JournalSegment active() {
    return active;
  }

  /**
   * Seals the active segment; the spare, or a new one, becomes active.
   *
   * @throws IOException when there is no room on the disk: then the active segment stays
   */
  void startNext() throws IOException {
    long number = active.number() + 1;
    JournalSegment next = takeSpare();
    if (next == null) {
      next = directory.createSegment(number, segmentBytes);
    } else {
      next.reuse(directory.segmentFile(number), number);
    }
    active = next;
    segments.put(number, next);
  }

  /** Whether a next segment should be made now, ahead of its need. */
  boolean wantsSpare() {
    return spare == null && active.end() >= segmentBytes / 2;
  }

  void keepSpare(JournalSegment made) {
    spare = made;
  }

  @Nullable JournalSegment takeSpare() {
    JournalSegment taken = spare;
    spare = null;
    return taken;
  }

  /** The segment of a position, or the next one that is there; null behind the last. */
  @Nullable Place place(JournalPosition position) {
    Map.Entry<Long, JournalSegment> found = segments.ceilingEntry(position.segment());
    if (found == null) {
      return null;
    }
    boolean exact = found.getKey() == position.segment();
    return new Place(
        found.getValue(),
        exact ? position.offset() : JournalSegment.HEADER_BYTES,
        found.getValue() != active);
  }

  /**
   * Removes the sealed segments before a number. One of them becomes the spare, if there is none:
   * its file is renamed here, so that an append never meets a spare that is still on its way.
   *
   * @return the others, for the caller to delete
   */
  List<JournalSegment> removeBefore(long number) throws IOException {
    List<JournalSegment> gone = new ArrayList<>(segments.headMap(number, false).values());
    gone.remove(active);
    gone.forEach(segment -> segments.remove(segment.number()));
    if (spare == null && !gone.isEmpty() && gone.getLast().capacity() == segmentBytes) {
      JournalSegment kept = gone.removeLast();
      kept.park(directory.spareFile());
      spare = kept;
    }
    return gone;
  }

  /**
   * Removes all at the end, for the caller to unmap. Where the active one ended can still be asked;
   * the spare is taken by itself.
   */
  List<JournalSegment> removeAll() {
    List<JournalSegment> all = List.copyOf(segments.values());
    segments.clear();
    return all;
  }

  /** The segments that may have changed since this was last asked. */
  List<JournalSegment> takeUnforced() {
    List<JournalSegment> changed = List.copyOf(segments.tailMap(firstUnforced, true).values());
    firstUnforced = active.number();
    return changed;
  }

  /** What the segments take on the disk, without the spare. */
  long bytes() {
    return (long) segments.size() * segmentBytes;
  }

  /**
   * Where something stands.
   *
   * @param sealed whether nothing will be added behind it
   */
  record Place(JournalSegment segment, int offset, boolean sealed) {}
}
