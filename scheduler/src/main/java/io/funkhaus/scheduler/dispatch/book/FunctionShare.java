package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.FunctionScaling;
import io.funkhaus.scheduler.pool.MovingAverage;
import org.jspecify.annotations.Nullable;

/**
 * How many of its tenant's concurrent invocations one function has, over all of its versions, and
 * may have: the places that are reserved for it first, then those that are reserved for nobody.
 * Guarded by the book's lock.
 *
 * <p>What must not be broken: the counters of function and tenant change together, here.
 */
final class FunctionShare<S> {
  private static final int NO_MAXIMUM = Integer.MAX_VALUE;

  private final Tenant<S> tenant;
  private final String name;
  private final MovingAverage runNanos = new MovingAverage(0);
  private @Nullable FunctionScaling scaling;
  private int maximum = NO_MAXIMUM;
  private int reserved;
  private int running;
  private int startingPlaces;
  int lines;
  int waiting;

  FunctionShare(Tenant<S> tenant, String name) {
    this.tenant = tenant;
    this.name = name;
  }

  String name() {
    return name;
  }

  int running() {
    return running;
  }

  int maximum() {
    return maximum;
  }

  int reserved() {
    return reserved;
  }

  boolean hasMaximum() {
    return maximum != NO_MAXIMUM;
  }

  boolean atMaximum() {
    return running >= maximum;
  }

  /** Whether the tenant has a place left for it, of its own or of everybody's. */
  boolean tenantHasPlace() {
    return tenant.running < tenant.limit
        && (running < reserved || tenant.sharedRunning < tenant.sharedLimit());
  }

  /** Whether one more may run. On the warm path: counters are compared, nothing else. */
  boolean mayRun() {
    return running < maximum && tenantHasPlace();
  }

  void began() {
    if (running >= reserved) {
      tenant.sharedRunning++;
    }
    running++;
    tenant.running++;
  }

  void ended() {
    tenant.running--;
    running--;
    if (running >= reserved) {
      tenant.sharedRunning--;
    }
  }

  /** How long one of its invocations took. */
  void took(long nanos) {
    runNanos.add(nanos);
    tenant.runNanos.add(nanos);
  }

  MovingAverage runNanos() {
    return runNanos;
  }

  /** For how many invocations more sandboxes may be started now. */
  int room() {
    int ofOthers = tenant.startingPlaces - startingPlaces;
    int own = Math.max(0, reserved - running);
    int shared = Math.max(0, tenant.sharedLimit() - tenant.sharedRunning - ofOthers);
    int ofTenant = Math.min(own + shared, tenant.limit - tenant.running);
    return Math.min(ofTenant, maximum - running) - startingPlaces;
  }

  void startBegan(int places) {
    startingPlaces += places;
    tenant.startingPlaces += places;
  }

  void startEnded(int places) {
    startingPlaces -= places;
    tenant.startingPlaces -= places;
  }

  /** Its settings from now on; null for none. What runs already goes on. */
  void arrange(@Nullable FunctionScaling newScaling) {
    scaling = newScaling;
    int before = reserved;
    Integer newMaximum = newScaling == null ? null : newScaling.maximumConcurrency();
    maximum = newMaximum == null ? NO_MAXIMUM : newMaximum;
    reserved = newScaling == null ? 0 : Math.min(newScaling.reservedConcurrency(), maximum);
    tenant.reserved += reserved - before;
    tenant.sharedRunning += Math.max(0, running - reserved) - Math.max(0, running - before);
  }

  boolean unused() {
    return scaling == null && lines == 0 && running == 0;
  }
}
