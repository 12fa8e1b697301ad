package io.funkhaus.scheduler.sandbox;

import java.io.IOException;

/**
 * Sends invocations to a sandbox and waits for their answers: one at a time, or several. What must
 * not be broken: an answer goes to the invocation whose number it carries and to no other, and an
 * answer that nobody waits for ends the sandbox.
 */
interface Exchange {

  /**
   * Sends INVOKE with a new number and waits for the frame that has the same.
   *
   * @param body the parts of its body
   * @throws java.nio.channels.ClosedByInterruptException when the calling thread was interrupted;
   *     the sandbox cannot be used any more
   */
  Frame call(byte[]... body) throws IOException, ProtocolViolation;
}
