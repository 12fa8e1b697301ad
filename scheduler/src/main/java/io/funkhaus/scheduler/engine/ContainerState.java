package io.funkhaus.scheduler.engine;

/**
 * What the engine knows of a container.
 *
 * @param running whether it runs now
 * @param exitStatus of its first process; 0 while it runs or has never run
 * @param outOfMemory whether the kernel killed a process of it for its memory; only sure after the
 *     end
 */
public record ContainerState(boolean running, int exitStatus, boolean outOfMemory) {}
