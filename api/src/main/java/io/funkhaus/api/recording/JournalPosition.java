package io.funkhaus.api.recording;

import java.util.Comparator;

/**
 * A place in the journal: everything before it is older.
 *
 * @param segment number of the segment file, rising
 * @param offset byte within it
 */
record JournalPosition(long segment, int offset) implements Comparable<JournalPosition> {
  private static final Comparator<JournalPosition> ORDER =
      Comparator.comparingLong(JournalPosition::segment).thenComparingInt(JournalPosition::offset);

  static final JournalPosition START = new JournalPosition(0, JournalSegment.HEADER_BYTES);

  @Override
  public int compareTo(JournalPosition other) {
    return ORDER.compare(this, other);
  }
}
