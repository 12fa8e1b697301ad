package io.funkhaus.scheduler;

/** The instruction set that a function asks for and a host offers. */
public enum Architecture {
  X86_64,
  ARM64
}
