package io.funkhaus.scheduler.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long the processes of a control group have run or waited for a processor: what they would
 * have used of processors without end. Read from the kernel's files {@code cgroup.procs} and {@code
 * /proc/PID/schedstat} (nanoseconds run, nanoseconds waited, turns), of which a process's own
 * counts its first thread, the one that runs a function.
 *
 * @param members names the processes
 * @param processes where the kernel shows processes
 */
record RunnableTime(Path members, Path processes) {

  /** In nanoseconds, of those that are there now. */
  long nanos() throws IOException {
    long sum = 0;
    for (String process : Files.readAllLines(members)) {
      String[] columns =
          Files.readString(processes.resolve(process).resolve("schedstat")).split(" ");
      sum += Long.parseLong(columns[0]) + Long.parseLong(columns[1]);
    }
    return sum;
  }
}
