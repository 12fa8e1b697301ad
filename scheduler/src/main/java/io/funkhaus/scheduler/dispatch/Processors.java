package io.funkhaus.scheduler.dispatch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;

/**
 * How much time the processors of this host have to spare: the first line of {@code /proc/stat}, in
 * the order of proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal. What other
 * programs take counts too. Not for several threads.
 */
final class Processors {
  private static final int IDLE = 4;
  private static final int IO_WAIT = 5;
  private static final int STEAL = 8;

  private final Path stat;
  private long total;
  private long idle;

  Processors(Path stat) {
    this.stat = stat;
  }

  static Processors ofHost() {
    return new Processors(Path.of("/proc/stat"));
  }

  /** The part of their time since the last question that nobody used, 0 to 1. */
  double idle() {
    long totalBefore = total;
    long idleBefore = idle;
    total = 0;
    idle = 0;
    Scanner columns = new Scanner(firstLine());
    columns.next();
    for (int column = 1; column <= STEAL; column++) {
      long ticks = columns.nextLong();
      total += ticks;
      idle += column == IDLE || column == IO_WAIT ? ticks : 0;
    }
    long passed = total - totalBefore;
    // Where the kernel counts nothing, nothing is known to be busy.
    return passed <= 0 ? 1 : Math.clamp((double) (idle - idleBefore) / passed, 0, 1);
  }

  private String firstLine() {
    try (BufferedReader lines = Files.newBufferedReader(stat)) {
      return lines.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
