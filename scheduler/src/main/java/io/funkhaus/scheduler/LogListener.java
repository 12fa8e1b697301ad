package io.funkhaus.scheduler;

/**
 * Told of a running invocation's log, piece by piece, not aligned to lines or characters. Must not
 * block.
 */
@FunctionalInterface
public interface LogListener {
  LogListener NONE = (bytes, offset, length) -> {};

  void onLog(byte[] bytes, int offset, int length);
}
