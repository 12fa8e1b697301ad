package io.funkhaus.web.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/**
 * A bucket of attempts for each sender, account or pair of both. An attempt takes one out; time
 * puts them back. Nobody is ever locked out for good.
 *
 * <p>Kept in memory: each running service counts for itself.
 */
final class Throttle {

  private static final int MOST_BUCKETS = 100_000;

  private final Cache<Object, Bucket> buckets;
  private final Bandwidth bandwidth;
  private final TimeMeter time;

  /**
   * @param burst attempts that may come at once
   * @param refill time until one more may
   */
  Throttle(int burst, Duration refill, TimeMeter time) {
    this.bandwidth = Bandwidth.builder().capacity(burst).refillIntervally(1, refill).build();
    this.time = time;
    // A bucket that was not touched for so long is full, as a new one is.
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MOST_BUCKETS)
            .ticker(time::currentTimeNanos)
            .expireAfterAccess(refill.multipliedBy(burst).plusSeconds(1))
            .build();
  }

  /** Takes one attempt; otherwise says how long to wait for one. */
  Optional<Duration> take(Object key) {
    ConsumptionProbe probe = bucket(key).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  /** Puts one attempt back, because it turned out not to be one of those that are counted. */
  void giveBack(Object key) {
    bucket(key).addTokens(1);
  }

  private Bucket bucket(Object key) {
    return buckets.get(
        key, missing -> Bucket.builder().addLimit(bandwidth).withCustomTimePrecision(time).build());
  }
}
