package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.Outcome.Phase;

/**
 * One use of a sandbox: the loading of its module, or one invocation.
 *
 * @param cold whether it is the first of its sandbox
 * @param started the ticker's reading at its begin
 */
record Turn(Phase phase, boolean cold, long started, Waited waited) {

  static Turn initialisation(long started) {
    return new Turn(Phase.INIT, true, started, Waited.NOT_AT_ALL);
  }
}
