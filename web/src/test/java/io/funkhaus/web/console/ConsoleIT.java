package io.funkhaus.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.RunningService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The console in a real browser, against the real service: {@code npm run browser} in {@code
 * frontend/}, where the tests themselves are. Screenshots go to {@code web/target/screenshots/}.
 */
class ConsoleIT {

  private static final long MINUTES = 12;

  @Test
  void people_can_do_their_work_in_a_browser() throws Exception {
    Path frontend = Path.of("../frontend").toAbsolutePath().normalize();
    ProcessBuilder command =
        new ProcessBuilder("npm", "run", "--silent", "browser")
            .directory(frontend.toFile())
            .redirectErrorStream(true);
    command.environment().put("FUNKHAUS_URL", RunningService.shared().url().toString());
    command.environment().put("NO_COLOR", "1");
    Process tests = command.start();
    Thread reader = Thread.ofVirtual().start(() -> print(tests));
    try {
      assertThat(tests.waitFor(MINUTES, TimeUnit.MINUTES))
          .as("the browser tests end within %d minutes", MINUTES)
          .isTrue();
      reader.join();
      assertThat(tests.exitValue()).as("exit code of npm run browser in %s", frontend).isZero();
    } finally {
      tests.descendants().forEach(ProcessHandle::destroyForcibly);
      tests.destroyForcibly();
    }
  }

  private static void print(Process tests) {
    try (BufferedReader lines = tests.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(System.out::println);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
