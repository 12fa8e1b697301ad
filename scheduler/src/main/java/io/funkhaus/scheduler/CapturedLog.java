package io.funkhaus.scheduler;

/**
 * The raw bytes that a sandbox wrote during one invocation (init output included on a cold start),
 * at most the cap.
 *
 * @param bytes shared, not copied: do not change
 * @param droppedBytes how many more there were
 */
@SuppressWarnings("ArrayRecordComponent") // bytes end to end
public record CapturedLog(byte[] bytes, long droppedBytes) {
  public static final CapturedLog EMPTY = new CapturedLog(new byte[0], 0);
}
