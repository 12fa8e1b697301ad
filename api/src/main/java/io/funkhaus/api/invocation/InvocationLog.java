package io.funkhaus.api.invocation;

/**
 * The log of one invocation.
 *
 * @param text from START to REPORT
 * @param droppedBytes how much more the function wrote than is kept
 */
public record InvocationLog(String text, boolean truncated, long droppedBytes) {}
