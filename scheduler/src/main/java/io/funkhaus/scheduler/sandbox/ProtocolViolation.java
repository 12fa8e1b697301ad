package io.funkhaus.scheduler.sandbox;

/**
 * A sandbox sent something that docs/sandbox-protocol.md does not allow: it is not trusted again.
 */
final class ProtocolViolation extends Exception {
  private static final long serialVersionUID = 1L;

  ProtocolViolation(String message) {
    super(message);
  }
}
