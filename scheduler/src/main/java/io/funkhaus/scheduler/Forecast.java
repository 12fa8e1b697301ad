package io.funkhaus.scheduler;

/**
 * Told what is likely to come, so that it can be prepared while there is time for it. Used by the
 * api.
 */
public interface Forecast {

  /**
   * So many function versions are likely to be called soon, each for the first time. Containers are
   * made ready for some of them while the host has processors and memory to spare. Of a runtime
   * that is not installed nothing is made.
   *
   * @param runtime for example {@code nodejs22.x}
   * @param count 0 or more
   */
  void firstCalls(String runtime, Architecture architecture, Isolation isolation, int count);
}
