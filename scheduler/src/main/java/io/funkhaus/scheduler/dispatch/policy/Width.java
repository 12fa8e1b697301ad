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

  /**
   * Fewer runs that ended in a round say nothing about it. Nor do runs so long that most of those
   * that end have begun before it: a sleeper's end as fast for a while however few places it has.
   */
  private static final int TELLING = 50;

  private static final int TELLING_TURNS = 4;

  /**
   * Half as many places leave the rate as it was if processors are what is short, and halve it if
   * they are not; twice as many, the other way round. Between the two runs the border.
   */
  private static final double SAME = 0.75;

  private static final double BETTER = 1.33;

  /**
   * The best of the last rounds is what a try is compared with: a round in which the host stood
   * still for a moment says nothing, and must not make the next one look like a success.
   */
  private static final double FADING = 0.95;

  private static final long FIRST_PAUSE_NANOS = 500_000_000;
  private static final long LONGEST_PAUSE_NANOS = 8_000_000_000L;

  private final int least;
  private int places = UNLIMITED;
  private int running;
  private int ended;
  private int most;
  private long roundBegan;

  /** Runs per nanosecond with these places, before a try began. */
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
    if (load.spare() || !round.telling()) {
      relax();
    } else if (load.busy()) {
      judge(round);
      attempt(round);
    } else {
      giveUpTry();
    }
  }

  private void giveUpTry() {
    if (trying) {
      trying = false;
      places = placesBefore;
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

  /** Nothing speaks for a limit: one that is felt is doubled. */
  private void relax() {
    trying = false;
    usual = 0;
    if (running >= places) {
      places = twice(places);
    }
  }

  private void judge(Round round) {
    if (!trying) {
      usual = Math.max(round.rate(), usual * FADING);
      return;
    }
    if (round.rate() >= usual * (wider ? BETTER : SAME)) {
      trying = false;
      usual = round.rate();
      pauseNanos = FIRST_PAUSE_NANOS;
      return;
    }
    giveUpTry();
    wider = !wider;
    nextTry = round.now() + pauseNanos;
    pauseNanos = Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
  }

  private void attempt(Round round) {
    int used = Math.min(places, round.most());
    if (round.now() - nextTry < 0) {
      return;
    }
    if (used <= least) {
      wider = true;
    } else if (used < places) {
      wider = false;
    }
    int next = wider ? twice(places) : Math.max(least, used / 2);
    if (next == places || used < least) {
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
