package io.funkhaus.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorsTest {
  @TempDir private Path directory;

  @Test
  void they_are_busy_when_less_than_a_tenth_of_their_time_was_idle() throws IOException {
    Path stat = directory.resolve("stat");
    Processors processors = new Processors(stat);
    write(stat, "cpu  1000 0 1000 5000 500 0 100 0 0 0");
    processors.busy();

    write(stat, "cpu  1060 0 1030 5005 504 0 101 0 0 0");
    assertThat(processors.busy()).isTrue();

    write(stat, "cpu  1100 0 1060 5015 509 0 116 0 0 0");
    assertThat(processors.busy()).isFalse();
  }

  @Test
  void what_the_host_of_a_virtual_machine_takes_is_not_idle() throws IOException {
    Path stat = directory.resolve("stat");
    Processors processors = new Processors(stat);
    write(stat, "cpu  0 0 0 100 0 0 0 0 0 0");
    processors.busy();

    write(stat, "cpu  10 0 0 105 0 0 0 85 0 0");
    assertThat(processors.busy()).isTrue();
  }

  @Test
  void this_host_can_be_asked() {
    Processors processors = Processors.ofHost();

    assertThat(processors.busy()).isIn(true, false);
    assertThat(Path.of("/proc/stat")).isReadable();
  }

  private static void write(Path stat, String line) throws IOException {
    Files.writeString(stat, line + "\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
  }
}
