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
  void idle_is_what_nobody_used_since_the_last_look() throws IOException {
    Path stat = directory.resolve("stat");
    Processors processors = new Processors(stat);
    write(stat, "cpu  1000 0 1000 5000 500 0 100 0 0 0");
    processors.idle();

    write(stat, "cpu  1060 0 1030 5005 504 0 101 0 0 0");
    assertThat(processors.idle()).isEqualTo(0.09);

    write(stat, "cpu  1100 0 1060 5030 519 0 111 0 0 0");
    assertThat(processors.idle()).isEqualTo(1.0 / 3);
  }

  @Test
  void where_nothing_is_counted_nothing_is_busy() throws IOException {
    Path stat = directory.resolve("stat");
    Processors processors = new Processors(stat);
    write(stat, "cpu  0 0 0 0 0 0 0 0 0 0");
    processors.idle();

    assertThat(processors.idle()).isEqualTo(1);
  }

  @Test
  void what_the_host_of_a_virtual_machine_takes_is_not_idle() throws IOException {
    Path stat = directory.resolve("stat");
    Processors processors = new Processors(stat);
    write(stat, "cpu  0 0 0 100 0 0 0 0 0 0");
    processors.idle();

    write(stat, "cpu  10 0 0 105 0 0 0 85 0 0");
    assertThat(processors.idle()).isEqualTo(0.05);
  }

  @Test
  void this_host_can_be_asked() {
    Processors processors = Processors.ofHost();

    assertThat(processors.idle()).isBetween(0.0, 1.0);
    assertThat(Path.of("/proc/stat")).isReadable();
  }

  private static void write(Path stat, String line) throws IOException {
    Files.writeString(stat, line + "\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
  }
}
