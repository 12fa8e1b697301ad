package io.funkhaus.scheduler.dispatch.policy;

/**
 * How many invocations of one line run at a time while the processors are busy. Tiny runs that are
 * given more sandboxes than there are processors only take turns on them: each switch costs caches
 * and time, and nothing is done sooner. How many are enough depends on how much of a run is waiting
 * for something else, which nobody tells: so it is tried, one step at a time, and what makes fewer
 * runs end is taken back.
 *
 * <p>Unlimited while processors are idle, and for lines of which too few runs end to judge by.
 * Guarded by the book's lock.
 */
public final class Width {
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** Fewer runs that ended in a round say nothing about it. */
  private static final int TELLING = 50;

  /**
   * Half as many places leave the rate as it was if processors are what is short, and halve it if
   * they are not; twice as many, the other way round. Between the two runs the border.
   */
  private static final double SAME = 0.75;

  private static final double BETTER = 1.33;
  private static final long FIRST_PAUSE_NANOS = 500_000_000;
  private static final long LONGEST_PAUSE_NANOS = 8_000_000_000L;

  private final int least;
  private int places = UNLIMITED;
  private int ended;
  private int most;
  private long roundBegan;

  /** What is tried now, if anything: where it came from and what came of that. */
  private boolean trying;

  private boolean wider;
  private int placesBefore;
  private double rateBefore;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private long nextTry;

  public Width(int processors) {
    this.least = processors + 1;
  }

  /** Whether one more may run beside so many. */
  public boolean admits(int running) {
    return running < places;
  }

  public int places() {
    return places;
  }

  /** One more runs; these are so many now. */
  public void began(int running) {
    most = Math.max(most, running);
  }

  public void ended() {
    ended++;
  }

  /** A round is over: looks at what came of it. */
  public void adapt(boolean processorsBusy, long now) {
    Round round = new Round(ended, most, now - roundBegan, now);
    ended = 0;
    most = 0;
    roundBegan = now;
    if (!processorsBusy || round.ended() < TELLING) {
      relax(round);
    } else {
      judge(round);
      attempt(round);
    }
  }

  /**
   * What is known of a round that is over.
   *
   * @param ended runs that ended in it
   * @param most that ran at a time
   */
  private record Round(int ended, int most, long nanos, long now) {
    double rate() {
      return (double) ended / nanos;
    }
  }

  /** Nothing speaks for a limit: one that is felt is doubled, one that is not needed goes. */
  private void relax(Round round) {
    trying = false;
    if (round.most() == 0) {
      places = UNLIMITED;
    } else if (round.most() >= places) {
      places = twice(places);
    }
  }

  private void judge(Round round) {
    if (!trying) {
      return;
    }
    trying = false;
    if (round.rate() >= rateBefore * (wider ? BETTER : SAME)) {
      pauseNanos = FIRST_PAUSE_NANOS;
      return;
    }
    places = placesBefore;
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
    rateBefore = round.rate();
    places = next;
  }

  private static int twice(int places) {
    return places > UNLIMITED / 2 ? UNLIMITED : 2 * places;
  }
}
