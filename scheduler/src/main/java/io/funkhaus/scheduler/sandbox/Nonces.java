package io.funkhaus.scheduler.sandbox;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * The numbers of a sandbox's invocations: cannot be guessed, never 0, drawn many at a time because
 * the source is slow and shared. Used by the one thread that holds the sandbox.
 */
final class Nonces {
  private static final SecureRandom SOURCE = new SecureRandom();

  private final ByteBuffer drawn = ByteBuffer.allocate(512).limit(0);

  long next() {
    while (true) {
      if (!drawn.hasRemaining()) {
        SOURCE.nextBytes(drawn.array());
        drawn.clear();
      }
      long nonce = drawn.getLong();
      if (nonce != 0) {
        return nonce;
      }
    }
  }
}
