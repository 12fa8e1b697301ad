package io.funkhaus.scheduler.sandbox;

/** Why a sandbox was destroyed: every one has exactly one reason. */
public enum DestroyReason {
  /** It did not come up, or not within its time. */
  START_FAILED,
  /** The function's module could not be loaded. */
  INIT_FAILED,
  INIT_TIMED_OUT,
  TIMED_OUT,
  OUT_OF_MEMORY,
  /** The language runtime ended. */
  EXITED,
  /** The container was killed from outside, or the engine lost it. */
  LOST,
  PROTOCOL_VIOLATED,
  /** A bug of the platform's own ended an invocation in it. */
  PLATFORM_FAILED,
  /** The caller went away while it ran. */
  CANCELLED,
  IDLE,
  TOO_OLD,
  /** Its memory was needed for another function. */
  EVICTED,
  /** Its version is not to be run any more. */
  RETIRED,
  SHUTDOWN
}
