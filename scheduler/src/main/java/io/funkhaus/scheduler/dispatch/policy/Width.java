package io.funkhaus.scheduler.dispatch.policy;

/**
 * How many invocations of one line run at a time while the processors are busy. Tiny runs that are
 * given more sandboxes than there are processors only take turns on them: each switch costs caches
 * and time, and nothing is done sooner. How many are enough depends on how much of a run is waiting
 * for something else, which nobody tells: so it is tried, one step at a time, and what makes fewer
 * runs end is taken back.
 *
 * <p>While there is processor time to spare, and for lines of which too few runs end to judge by, a
 * limit that is felt is doubled each time. One that is not felt stays, also over a rest: callers
 * that come back find what was found out for them. Guarded by the book's lock.
 */
public final class Width {
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** Fewer runs that ended in a round say nothing about it. */
  private static final int TELLING = 50;

  /**
   * Nor do runs that last so long that most of those that end have begun in the round before: a
   * sleeper's end as fast as ever for a while, however few places it has.
   */
  private static final int TELLING_TURNS = 4;

  /**
   * Half as many places leave the rate as it was if processors are what is short, and halve it if
   * they are not; twice as many, the other way round. Between the two runs the border.
   */
  private static final double SAME = 0.75;

  private static final double BETTER = 1.33;

  /**
   * A try is compared with the best of the last rounds: one in which the host stood still for a
   * moment says nothing, and must not make the next look like a success. What was once possible and
   * is not any more is forgotten in some seconds.
   */
  private static final double FADING = 0.9;

  private static final long FIRST_PAUSE_NANOS = 500_000_000;
  private static final long LONGEST_PAUSE_NANOS = 8_000_000_000L;

  private final int least;
  private int places = UNLIMITED;
  private int running;
  private int ended;
  private int most;
  private long roundBegan;

  /** Runs per nanosecond in the best of the last rounds. */
  private double usual;

  /** What is tried now, if anything, and where it came from. */
  private boolean trying;

  private boolean wider;
  private int placesBefore;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private long nextTry;

  public Width(int processors) {
    this.least = processors + 1;
  }

  /** Whether one more may run now. */
  public boolean admits() {
    return running < places;
  }

  public int places() {
    return places;
  }

  public int running() {
    return running;
  }

  public void began() {
    running++;
    most = Math.max(most, running);
  }

  public void ended() {
    running--;
    ended++;
  }

  /** A round is over: looks at what came of it. */
  public void adapt(HostLoad load, long now) {
    Round round = new Round(ended, most, now - roundBegan, now);
    ended = 0;
    most = running;
    roundBegan = now;
    usual *= FADING;
    if (trying) {
      conclude(round, load);
    }
    usual = Math.max(usual, round.rate());
    if (load.spare() || !round.telling()) {
      relax();
    } else {
      attempt(round, load);
    }
  }

  /**
   * What is known of a round that is over.
   *
   * @param ended runs that ended in it
   * @param most that ran at a time
   */
  private record Round(int ended, int most, long nanos, long now) {
    boolean telling() {
      return ended >= Math.max(TELLING, TELLING_TURNS * most);
    }

    double rate() {
      return (double) ended / nanos;
    }
  }

  /** Keeps what was tried, or takes it back and tries the other way, not at once. */
  private void conclude(Round round, HostLoad load) {
    trying = false;
    boolean good = round.rate() >= usual * (wider ? BETTER : SAME);
    if (good && (wider || load.busy())) {
      pauseNanos = FIRST_PAUSE_NANOS;
      return;
    }
    places = placesBefore;
    wider = !wider;
    nextTry = round.now() + pauseNanos;
    pauseNanos = Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
  }

  /** Nothing speaks for a limit: one that is felt is doubled. */
  private void relax() {
    if (running >= places) {
      places = twice(places);
    }
  }

  /** Fewer places are tried only where processors are short. */
  private void attempt(Round round, HostLoad load) {
    int used = Math.min(places, round.most());
    if (round.now() - nextTry < 0 || used < least) {
      return;
    }
    if (used == least || !load.busy()) {
      wider = true;
    } else if (used < places) {
      wider = false;
    }
    if (wider && used < places) {
      return;
    }
    int next = wider ? twice(places) : Math.max(least, used / 2);
    if (next == places) {
      return;
    }
    trying = true;
    placesBefore = places;
    places = next;
  }

  private static int twice(int places) {
    return places > UNLIMITED / 2 ? UNLIMITED : 2 * places;
  }
}
