package io.funkhaus.scheduler.sandbox;

/** One complete frame. {@code invocation} is 0 outside of one. */
@SuppressWarnings("ArrayRecordComponent") // bytes end to end
record Frame(FrameType type, long invocation, byte[] body) {
  static final int HEADER_BYTES = 16;
  static final int LARGEST_BODY_BYTES = 7 * 1024 * 1024;
}
