package io.funkhaus.scheduler;

/**
 * What is known of an invocation after it ended.
 *
 * @param queueNanos waiting for a sandbox, without the time of its start
 * @param initNanos start and specialisation of the sandbox when this invocation had to wait for it
 *     (a cold start), else 0
 * @param runNanos from INVOKE written to RESULT read
 * @param coldStart whether this invocation is the first of its sandbox
 * @param peakMemoryBytes highest memory use of the sandbox during this invocation
 * @param log what the function wrote, capped
 * @param sandboxId short id, for the log stream's name and for operators
 */
public record Report(
    long queueNanos,
    long initNanos,
    long runNanos,
    boolean coldStart,
    long peakMemoryBytes,
    CapturedLog log,
    String sandboxId) {}
