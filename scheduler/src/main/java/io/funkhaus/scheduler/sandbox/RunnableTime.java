package io.funkhaus.scheduler.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
  /** A function that starts hundreds must not keep the service busy with looking at them. */
  private static final int MOST_PROCESSES = 8;

  /** In nanoseconds, of the first few that are there now. */
  long nanos() throws IOException {
    List<String> all = Files.readAllLines(members);
    long sum = 0;
    for (String process : all.subList(0, Math.min(MOST_PROCESSES, all.size()))) {
      sum += nanos(processes.resolve(process).resolve("schedstat"));
    }
    return sum;
  }

  /** One that has ended meanwhile has nothing to tell. */
  private static long nanos(Path schedstat) {
    try {
      String[] columns = Files.readString(schedstat).split(" ", -1);
      return Long.parseLong(columns[0]) + Long.parseLong(columns[1]);
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException ended) {
      return 0;
    }
  }
}
