package io.funkhaus.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an attacker gets to do inside a sandbox: exactly what the oracle lists. */
class ProbeIT {
  private static SchedulerFixture platform;

  @BeforeAll
  static void start() {
    platform = SchedulerFixture.start();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void every_attempt_ends_as_the_oracle_says() throws IOException {
    Map<String, Set<String>> expected = expectations();
    SandboxSpec hostile = HostileFunction.in(platform).spec();

    List<String> lines =
        HostileFunction.printed(platform.invoke(hostile, HostileFunction.probe())).lines().toList();

    List<String> attempts = lines.subList(0, lines.size() - 1);
    assertThat(attempts).hasSizeGreaterThanOrEqualTo(66);
    assertThat(lines.getLast()).isEqualTo("attempts " + expected.size());
    assertThat(attempts).extracting(ProbeIT::name).containsExactlyElementsOf(expected.keySet());
    assertThat(attempts)
        .allSatisfy(line -> assertThat(expected.get(name(line))).contains(ending(line)));
  }

  @Test
  void code_is_the_same_after_every_attempt_to_change_it() throws Exception {
    SandboxSpec hostile = HostileFunction.in(platform).name("tamper").spec();
    String before = digest(HostileFunction.compiled("probe"));

    platform.invoke(hostile, HostileFunction.probe());

    assertThat(
            digest(
                platform
                    .data()
                    .resolve("bundles")
                    .resolve(hostile.tenant())
                    .resolve(hostile.code())
                    .resolve("probe")))
        .isEqualTo(before);
  }

  @Test
  void killing_the_first_process_from_inside_does_nothing() {
    SandboxSpec function =
        platform
            .node(
                """
                exports.handler = async () => {
                  for (const signal of ['SIGKILL', 'SIGSTOP', 'SIGTERM', 'SIGSEGV']) process.kill(1, signal);
                  return 'alive';
                };
                """)
            .name("regicide")
            .spec();

    assertThat(HostileFunction.printed(platform.invoke(function, "{}"))).isEqualTo("alive");
    assertThat(HostileFunction.printed(platform.invoke(function, "{}"))).isEqualTo("alive");
    assertThat(platform.containers(function)).hasSize(1);
  }

  /** Name of the attempt → the endings that are right, in the oracle's order. */
  private static Map<String, Set<String>> expectations() throws IOException {
    Map<String, Set<String>> expected = new LinkedHashMap<>();
    for (String line : Files.readAllLines(HostileFunction.oracle())) {
      if (!line.startsWith("#")) {
        String ending = ending(line);
        expected.put(
            name(line),
            ending.startsWith("DENIED ")
                ? Set.of(ending.replace("|", "\0DENIED ").split("\0"))
                : Set.of(ending));
      }
    }
    return expected;
  }

  private static String name(String line) {
    return line.substring(0, line.indexOf(' '));
  }

  private static String ending(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }

  private static String digest(java.nio.file.Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
