package io.funkhaus.scheduler.fault;

import java.time.Duration;

/** What this process has computed so far: other work on the machine does not make it more. */
final class ProcessorTime {
  private ProcessorTime() {}

  static Duration ofThisProcess() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
  }
}
