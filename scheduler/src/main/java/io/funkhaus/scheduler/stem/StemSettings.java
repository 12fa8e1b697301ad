package io.funkhaus.scheduler.stem;

import io.funkhaus.scheduler.Isolation;
import java.time.Duration;

/**
 * How many stems are kept ready, and what one costs.
 *
 * @param floor of each installed runtime, also when nobody has used it lately; 0 when none
 * @param most of each, however many cold starts there were lately
 * @param mostAtLeisure of each, while the host has processor time to spare; of all together no more
 *     memory is taken above the floors than so many plain containers take
 * @param memoryMegabytes limit of a stem that is a plain container, and what it takes of the host's
 *     budget; not above the smallest memory that a function may have
 * @param age a stem is replaced after this time (a little more or less for each)
 */
public record StemSettings(
    int floor, int most, int mostAtLeisure, int memoryMegabytes, Duration age) {
  public static final StemSettings DEFAULT = new StemSettings(2, 10, 24, 64, Duration.ofHours(1));

  /** Room for a kernel of its own beside the language runtime; a function has no less either. */
  private static final int GVISOR_MEGABYTES = 128;

  /** Stems are made only for those who wait for one. */
  public static final StemSettings NONE_AHEAD = DEFAULT.with(0, 0, 0);

  public StemSettings {
    if (floor < 0 || most < floor) {
      throw new IllegalArgumentException(
          "stems must be 0 or more and the most of them no fewer than the floor, were "
              + floor
              + " to "
              + most);
    }
    if (mostAtLeisure < 0) {
      throw new IllegalArgumentException(
          "stems at leisure must be 0 or more, were " + mostAtLeisure);
    }
    if (memoryMegabytes < 32 || memoryMegabytes > 128) {
      throw new IllegalArgumentException(
          "a stem must have 32 to 128 MB of memory, was " + memoryMegabytes);
    }
    if (age.isNegative() || age.isZero()) {
      throw new IllegalArgumentException("the age of stems must be positive, was " + age);
    }
  }

  public StemSettings with(int newFloor, int newMost, int newMostAtLeisure) {
    return new StemSettings(newFloor, newMost, newMostAtLeisure, memoryMegabytes, age);
  }

  public int memoryMegabytes(Isolation isolation) {
    return switch (isolation) {
      case CONTAINER -> memoryMegabytes;
      case GVISOR -> GVISOR_MEGABYTES;
    };
  }

  public long memoryBytes(Isolation isolation) {
    return (long) memoryMegabytes(isolation) << 20;
  }
}
